import { GatehouseError, isTransient } from "#core/model/errors.ts";
import type { Delivery } from "#core/ports/inbox.ts";
import type { Deps } from "#flow/deps.ts";
import type { MarkBatch } from "./mark-batch.ts";

const atOnce = 200;
/** Looked at by itself so often: for what a process that was killed had taken and not routed, and after trouble. */
const lookEveryMs = 2000;
/** Another process that shares the store routes them now: what is stored meanwhile it routes as well, unless it has just ended. */
const besideOtherMs = 100;
/** A process that was killed keeps the others from routing for so long. */
const takenMs = 2000;
/** What was routed by then is noted, and the turn is taken anew: else another would begin with the same deliveries. */
const notedAfterMs = takenMs / 2;

export interface InboxDrain {
  /** Routes everything stored and not yet routed; further calls while it runs make it look once more. */
  readonly run: () => Promise<void>;
  /** Looks by itself from now on. */
  readonly start: () => void;
  /** Begins no further batch, and resolves when the current one is through. What is left is routed after the next start. */
  readonly stop: () => Promise<void>;
}

/**
 * Turns stored deliveries into marked work. A crash between marking and noting is harmless: the delivery is routed
 * again and coalesces. A delivery that cannot be routed is put aside with its reason, and the others go on; where the
 * trouble is not the delivery's (the store is busy), all of them wait.
 * `dispatch` hands one delivery to the Probot app, which marks what it asks for in `batch`.
 */
export function createInboxDrain(
  deps: Pick<Deps, "store" | "clock" | "log">,
  dispatch: (delivery: Delivery) => Promise<void>,
  batch: MarkBatch,
  onMarked: () => void,
  /** This process, as no other is called. */
  self: string,
): InboxDrain {
  const { inbox } = deps.store;
  let current: Promise<void> | null = null;
  let again = false;
  let isStopping = false;
  let mayHold = false;
  let timer: NodeJS.Timeout | undefined;

  async function routeOne(delivery: Delivery): Promise<void> {
    try {
      await dispatch(delivery);
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble !== null) throw trouble;
      deps.log.error(
        { delivery: delivery.guid, event: delivery.event, err: error },
        "a delivery could not be routed and is put aside",
      );
      await inbox.deadLetter(delivery.guid, error instanceof Error ? error.name : "unknown");
    }
  }

  async function drain(): Promise<void> {
    do {
      again = false;
      while (!isStopping) {
        const deliveries = await inbox.take(self, deps.clock.now() + takenMs, atOnce);
        if (deliveries === "taken") {
          setTimeout(() => void run(), besideOtherMs).unref();
          return;
        }
        if (deliveries.length === 0) break;
        mayHold = true;
        batch.begin();
        const noteAt = performance.now() + notedAfterMs;
        const routed: string[] = [];
        for (const delivery of deliveries) {
          await routeOne(delivery);
          routed.push(delivery.guid);
          if (performance.now() > noteAt) break;
        }
        const isMarked = await batch.commit();
        await inbox.markRouted(routed, deps.clock.now());
        if (isMarked) onMarked();
      }
    } while (again && !isStopping);
  }

  async function release(): Promise<void> {
    if (!mayHold) return;
    mayHold = false;
    await inbox.release(self);
  }

  function run(): Promise<void> {
    again = true;
    current ??= drain()
      .finally(release)
      .catch((error: unknown) =>
        deps.log.error({ err: error }, "deliveries cannot be routed now; tried again in a moment"),
      )
      .finally(() => {
        current = null;
      });
    return current;
  }

  return {
    run,
    start: () => {
      void run();
      timer ??= setInterval(() => void run(), lookEveryMs).unref();
    },
    stop: async () => {
      isStopping = true;
      clearInterval(timer);
      await current;
    },
  };
}

/** The trouble that passes behind a failed dispatch; Probot gathers what its listeners throw. */
function troubleOf(error: unknown): GatehouseError | null {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  return (
    errors.find(
      (each): each is GatehouseError => each instanceof GatehouseError && isTransient(each.code),
    ) ?? null
  );
}
