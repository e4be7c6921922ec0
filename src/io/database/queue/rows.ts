import type { Selectable } from "kysely";
import type { Lease } from "#core/ports/queue.ts";
import { stored } from "../store/database.ts";
import type { Db, QueueTable } from "../store/tables.ts";
import type { Wishes } from "./wishes.ts";

export type QueueRow = Selectable<QueueTable>;

export const wishesOf = (row: QueueRow): Wishes => ({
  firmAt: row.firm_at,
  settlingAt: row.settling_at,
  settlingSince: row.settling_since,
  settlingLast: row.settling_last,
});

export const wishColumns = (
  wishes: Wishes,
): Pick<QueueRow, "firm_at" | "settling_at" | "settling_since" | "settling_last"> => ({
  firm_at: wishes.firmAt,
  settling_at: wishes.settlingAt,
  settling_since: wishes.settlingSince,
  settling_last: wishes.settlingLast,
});

export const leaseOf = (row: QueueRow): Lease => ({
  key: row.key,
  kind: row.kind,
  payload: stored<unknown>(row.payload),
  generation: row.generation,
  attempts: row.attempts,
  faults: row.faults,
  leasedUntil: row.due_at ?? 0,
});

/** The row this lease holds; undefined once another holds it, or it was given back. The generation is the fence. */
export function heldRow(
  db: Db,
  lease: Pick<Lease, "key" | "generation">,
): Promise<QueueRow | undefined> {
  return db
    .selectFrom("queue")
    .selectAll()
    .where("key", "=", lease.key)
    .where("state", "=", "leased")
    .where("generation", "=", lease.generation)
    .executeTakeFirst();
}

/** A lease that ran out but was taken by nobody is still ours to prolong: the generation did not move. */
export async function extend(
  transaction: Db,
  held: Pick<Lease, "key" | "generation">,
  until: number,
): Promise<boolean> {
  const result = await transaction
    .updateTable("queue")
    .set({ due_at: until })
    .where("key", "=", held.key)
    .where("state", "=", "leased")
    .where("generation", "=", held.generation)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}
