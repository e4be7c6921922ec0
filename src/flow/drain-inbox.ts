import type { Delivery, WorkItem } from "../core/ports.ts";
import type { House } from "./house.ts";

const batch = 200;

export interface InboxDrain {
  /** Routes everything stored and not yet routed; further calls while it runs make it look once more. */
  readonly run: () => Promise<void>;
  readonly idle: () => Promise<void>;
}

/**
 * Turns stored deliveries into marked work. A crash between marking and noting is harmless: the delivery is routed
 * again and coalesces. A delivery that cannot be routed is put aside with its reason, and the others go on.
 * `dispatch` hands one delivery to the Probot app and answers with what it asks for.
 */
export function createInboxDrain(house: House, dispatch: (delivery: Delivery) => Promise<readonly WorkItem[]>, onMarked: () => void): InboxDrain {
  const { inbox, queue } = house.store;
  let current: Promise<void> | null = null;
  let again = false;

  async function routeOne(delivery: Delivery): Promise<readonly WorkItem[]> {
    try {
      return await dispatch(delivery);
    } catch (error) {
      house.log.error({ delivery: delivery.guid, event: delivery.event, err: error }, "a delivery could not be routed and is put aside");
      await inbox.bury(delivery.guid, error instanceof Error ? error.name : "unknown");
      return [];
    }
  }

  async function drain(): Promise<void> {
    do {
      again = false;
      for (;;) {
        const deliveries = await inbox.unrouted(batch);
        if (deliveries.length === 0) break;
        const items: WorkItem[] = [];
        for (const delivery of deliveries) items.push(...(await routeOne(delivery)));
        if (items.length > 0) await queue.mark(items);
        await inbox.markRouted(deliveries.map((delivery) => delivery.guid), house.clock.now());
        if (items.length > 0) onMarked();
      }
    } while (again);
  }

  return {
    run: () => {
      again = true;
      current ??= drain()
        .catch((error: unknown) => house.log.error({ err: error }, "the inbox cannot be read; the next delivery or sweep tries again"))
        .finally(() => {
          current = null;
        });
      return current;
    },
    idle: () => current ?? Promise.resolve(),
  };
}
