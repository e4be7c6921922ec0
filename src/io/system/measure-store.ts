import type { OpenStore } from "#io/database/store/open-store.ts";
import type { OpenMeter } from "./meter.ts";

/** More than this means the same. */
const mostCounted = 100_000;

/** Reads the store's gauges; to be called before `render`. A store that does not answer, or takes nothing, shows as `store_up 0`, and /metrics goes on. */
export async function measureStore(
  store: Pick<OpenStore, "ping" | "queue" | "inbox" | "outbox" | "oldestVerdictAge">,
  meter: OpenMeter,
  now: number,
): Promise<void> {
  try {
    await store.ping();
    meter.observe("inbox_unrouted", await store.inbox.backlog(mostCounted));
    const queue = await store.queue.stats(now);
    meter.observe("queue_waiting", queue.waiting);
    meter.observe("queue_due", queue.due);
    meter.observe("queue_leased", queue.leased);
    meter.observe("queue_dead", queue.dead);
    meter.observe("queue_oldest_due_seconds", queue.oldestDueMs / 1000);
    meter.observe("verdict_age_seconds", (await store.oldestVerdictAge(now)) / 1000);
    meter.forget("outbox_rows");
    for (const [kind, rows] of Object.entries(await store.outbox.kinds()))
      meter.observe("outbox_rows", rows, { kind });
    meter.observe("store_up", 1);
  } catch {
    meter.observe("store_up", 0);
  }
}
