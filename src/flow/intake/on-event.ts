import type { Event } from "#core/model/event.ts";
import type { WorkItem } from "#core/ports/queue.ts";
import type { SharedChanges } from "#flow/facts/shared-changes.ts";
import type { RunningWatch } from "#flow/running/watch-running.ts";
import type { TicketKeeper } from "#flow/tickets/open-ticket.ts";
import type { Router } from "./route.ts";

/** Answers the work that an event asks for. */
export type OnEvent = (event: Event) => Promise<readonly WorkItem[]>;

/** What every event leads to, whether GitHub delivered it or a sweep found that it should have come. */
export const createOnEvent =
  (
    router: Router,
    tickets: TicketKeeper,
    running: RunningWatch,
    rollouts: (event: Event) => Promise<readonly WorkItem[]>,
    changes: Pick<SharedChanges, "note">,
    forget: (event: Event) => void,
  ): OnEvent =>
  async (event) => {
    forget(event);
    await changes.note(event);
    return [
      ...(await router.route(event)),
      ...(await tickets.onEvent(event)),
      ...(await running.onEvent(event)),
      ...(await rollouts(event)),
    ];
  };
