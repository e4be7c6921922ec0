import type { Probot } from "probot";

/** What the app function hands on: the delivery's GUID, GitHub's event name, and the body. */
export type TakeEvent = (id: string, name: string, payload: unknown) => Promise<void>;

/**
 * The Probot app function: subscribes, and knows nothing else. Everything it hears is handed on as it is; which
 * events matter is derived from the facts that the rules in force ask for (core/facts, core/events).
 */
export default function gatehouse(take: TakeEvent): (app: Probot) => void {
  return (app) => {
    app.onAny(async ({ id, name, payload }) => {
      await take(id, name, payload);
    });
  };
}
