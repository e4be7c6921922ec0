import { sql } from "kysely";
import { GatehouseError } from "#core/model/errors.ts";
import type { Inbox } from "#core/ports/inbox.ts";
import { sqlOf } from "./dialect-sql.ts";
import type { Write } from "./writer.ts";

/** As much as most deliveries have: less may fit into space that the database holds already, on a disk that is full. */
const usualBytes = 64 * 1024;
/** It is written to the disk, so not for everybody who asks. */
const triedAgainMs = 5_000;

/** Whether a delivery could be stored now, found out by storing as much. */
export interface Room {
  /** The inbox, watched for what it refuses. */
  readonly inbox: Inbox;
  /** Throws what the database says when it cannot be written. */
  readonly try: () => Promise<void>;
}

export function createRoom(inbox: Inbox, write: Write): Room {
  let refusedBytes = 0;
  let triedAt = Number.NEGATIVE_INFINITY;

  const keep = (bytes: number): Promise<void> =>
    write((transaction) => sqlOf(transaction).fillRoom(transaction, bytes));

  return {
    inbox: {
      ...inbox,
      put: async (delivery) => {
        try {
          return await inbox.put(delivery);
        } catch (error) {
          if (error instanceof GatehouseError && error.code === "unavailable")
            refusedBytes = Math.max(refusedBytes, delivery.body.length);
          throw error;
        }
      },
    },
    try: async () => {
      await write((transaction) =>
        sql`update counters set value = value where name = 'generation'`.execute(transaction),
      );
      const wanted = Math.max(usualBytes, 2 * Math.ceil(refusedBytes / 2));
      if (refusedBytes === 0 && performance.now() - triedAt < triedAgainMs) return;
      await keep(wanted);
      if (wanted > usualBytes) await keep(usualBytes);
      refusedBytes = 0;
      triedAt = performance.now();
    },
  };
}
