import type { SelectQueryBuilder } from "kysely";
import type { Lease } from "#core/ports/queue.ts";
import { stored } from "../store/database.ts";
import type { Db, Tables } from "../store/tables.ts";
import type { QueueRow } from "../store/tables/queue.ts";
import type { DueTimes } from "./due-times.ts";

export const dueTimesOf = (row: QueueRow): DueTimes => ({
  firmAt: row.firm_at,
  settlingAt: row.settling_at,
  settlingSince: row.settling_since,
  settlingLast: row.settling_last,
});

export const dueColumns = (
  dueTimes: DueTimes,
): Pick<QueueRow, "firm_at" | "settling_at" | "settling_since" | "settling_last"> => ({
  firm_at: dueTimes.firmAt,
  settling_at: dueTimes.settlingAt,
  settling_since: dueTimes.settlingSince,
  settling_last: dueTimes.settlingLast,
});

export const leaseOf = (row: QueueRow): Lease => ({
  key: row.key,
  kind: row.kind,
  payload: stored<unknown>(row.payload),
  priority: row.priority,
  generation: row.generation,
  attempts: row.attempts,
  faults: row.faults,
  leasedUntil: row.due_at ?? 0,
});

/** The row this lease holds, as it is seen now; undefined once another holds it, or it was given back. The generation is the fence. */
export const seeHeldRow = (
  db: Db,
  lease: Pick<Lease, "key" | "generation">,
): Promise<QueueRow | undefined> => held(db, lease).executeTakeFirst();

/** The same, and it stays so until the transaction ends. */
export const heldRow = (
  transaction: Db,
  lease: Pick<Lease, "key" | "generation">,
): Promise<QueueRow | undefined> => held(transaction, lease).forUpdate().executeTakeFirst();

function held(
  db: Db,
  lease: Pick<Lease, "key" | "generation">,
): SelectQueryBuilder<Tables, "queue", QueueRow> {
  return db
    .selectFrom("queue")
    .selectAll()
    .where("key", "=", lease.key)
    .where("state", "=", "leased")
    .where("generation", "=", lease.generation);
}

/** Writes rows that were read, and locked, in the same transaction. */
export async function writeRows(transaction: Db, rows: readonly QueueRow[]): Promise<void> {
  if (rows.length === 0) return;
  await transaction
    .insertInto("queue")
    .values([...rows])
    .onConflict((conflict) =>
      conflict.column("key").doUpdateSet((row) => ({
        kind: row.ref("excluded.kind"),
        payload: row.ref("excluded.payload"),
        share: row.ref("excluded.share"),
        priority: row.ref("excluded.priority"),
        state: row.ref("excluded.state"),
        due_at: row.ref("excluded.due_at"),
        firm_at: row.ref("excluded.firm_at"),
        settling_at: row.ref("excluded.settling_at"),
        settling_since: row.ref("excluded.settling_since"),
        settling_last: row.ref("excluded.settling_last"),
        attempts: row.ref("excluded.attempts"),
        error: row.ref("excluded.error"),
        owner: row.ref("excluded.owner"),
        generation: row.ref("excluded.generation"),
        faults: row.ref("excluded.faults"),
      })),
    )
    .execute();
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
