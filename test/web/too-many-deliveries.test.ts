import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { createWebhookEndpoint } from "../../src/web/webhook-endpoint.ts";
import { noMeter, recordingLog } from "../io/github/local-github.ts";

const secret = "a secret that only GitHub knows";
let close: (() => void) | undefined;
afterEach(() => close?.());

it("refuses what is too much with 503 and when to come again, and stores the rest", async () => {
  const stored: string[] = [];
  const endpoint = createWebhookEndpoint({
    secrets: [secret],
    inbox: {
      put: ({ event }: { readonly event: string }) => {
        stored.push(event);
        return Promise.resolve("stored");
      },
    } as never,
    isTooMuch: (event) => event === "check_run",
    clock: { now: Date.now },
    log: recordingLog(),
    meter: noMeter,
    onStored: () => undefined,
  });
  const server = createServer((request, response) => void endpoint(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = () => server.close();
  const send = (event: string, key = secret): Promise<Response> =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-github-event": event,
        "x-github-delivery": `guid-${event}`,
        "x-hub-signature-256": `sha256=${createHmac("sha256", key).update("{}").digest("hex")}`,
        connection: "close",
      },
      body: "{}",
    });
  const refused = await send("check_run");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "30"]);
  expect((await send("deployment_protection_rule")).status).toBe(202);
  // A stranger is not told how busy the gate is.
  expect((await send("check_run", "another")).status).toBe(401);
  expect(stored).toEqual(["deployment_protection_rule"]);
});
