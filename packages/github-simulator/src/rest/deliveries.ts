import { notFound, ok } from "../http/reply.ts";
import { numberParam, type Call, type Route } from "../http/call.ts";
import { cursored } from "../http/paging.ts";
import { redeliver, type Delivery } from "../webhooks/outbox.ts";
import { iso } from "../render/account.ts";

/** GitHub forgets deliveries after three days; so must the simulator, or a sweep that is too slow would look fine. */
const keptMs = 3 * 86_400_000;

function summary(delivery: Delivery): Record<string, unknown> {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: iso(delivery.deliveredAt),
    redelivery: delivery.redelivery,
    duration: Math.round(delivery.durationMs) / 1000,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

function known(call: Call): Delivery[] {
  const since = call.world.now() - keptMs;
  return call.world.outbox.log
    .filter((delivery) => delivery.attempted && delivery.deliveredAt >= since)
    .reverse();
}

function one(call: Call): Delivery {
  const found = known(call).find((delivery) => delivery.id === numberParam(call, "delivery_id"));
  if (found === undefined) throw notFound();
  return found;
}

export const deliveryRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/app/hook/deliveries",
    permission: "app",
    handle: (call) => {
      const wanted = call.query.get("status");
      const isFine = (delivery: Delivery): boolean =>
        delivery.statusCode >= 200 && delivery.statusCode < 400;
      const list = known(call).filter(
        (delivery) => wanted === null || (wanted === "success") === isFine(delivery),
      );
      return cursored(call, list, (delivery) => String(delivery.id), summary);
    },
  },
  {
    method: "GET",
    path: "/app/hook/deliveries/{delivery_id}",
    permission: "app",
    handle: (call) => {
      const delivery = one(call);
      return ok({
        ...summary(delivery),
        url: call.world.outbox.url ?? "",
        request: { headers: delivery.requestHeaders, payload: delivery.payload },
        response: { headers: delivery.responseHeaders, payload: delivery.responseBody },
      });
    },
  },
  {
    method: "POST",
    path: "/app/hook/deliveries/{delivery_id}/attempts",
    permission: "app",
    handle: (call) => {
      redeliver(call.world.outbox, one(call), call.world.nextId(), call.world.now());
      return { status: 202, body: {} };
    },
  },
];
