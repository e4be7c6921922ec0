import { pino } from "pino";
import { Probot } from "probot";
import { parseEvent } from "#core/events/parse-event.ts";
import type { Delivery } from "#core/ports/inbox.ts";
import type { MarkBatch } from "#flow/intake/mark-batch.ts";
import type { OnEvent } from "#flow/intake/on-event.ts";
import type { AppCredentials } from "./env.ts";

/**
 * The Probot app function: routes every event and marks the queue with the work that it asks for. Which events matter is
 * derived from the facts that the rules in force ask for (core/facts, core/events).
 */
export function createApp(onEvent: OnEvent, batch: MarkBatch): (app: Probot) => void {
  return (app) => {
    app.onAny(async ({ name, payload }) => {
      const event = parseEvent(name, payload);
      if (event !== null) batch.mark(await onEvent(event));
    });
  };
}

/**
 * Loads the app function into a Probot that carries stored deliveries to it; Probot's server, its default secret and its
 * throttle stay out (docs/decisions/0001).
 */
export async function loadApp(
  { appId, privateKey, webhookSecrets }: AppCredentials,
  app: (app: Probot) => void,
): Promise<(delivery: Delivery) => Promise<void>> {
  const probot = new Probot({
    appId,
    privateKey,
    secret: webhookSecrets[0] ?? "",
    log: pino({ level: "silent" }),
  });
  await probot.load(app);
  return async ({ guid: id, event: name, body }) => {
    const payload: unknown = JSON.parse(body);
    await probot.receive({ id, name, payload } as Parameters<typeof probot.receive>[0]);
  };
}
