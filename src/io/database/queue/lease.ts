import type { Lease } from "#core/ports/queue.ts";
import { advance } from "../store/database.ts";
import { sqlOf } from "../store/dialect-sql.ts";
import type { Db } from "../store/tables.ts";
import type { QueueRow } from "../store/tables/queue.ts";
import type { Database } from "../store/writer.ts";
import { leaseOf, dueColumns, writeRows } from "./rows.ts";
import { choose } from "./choose.ts";
import { noDueTimes } from "./due-times.ts";
import { installationOf, type Turns } from "./shares.ts";

/** How many rows more than wanted are chosen: other processes may be taking some of them at this moment. */
const spare = 4;

/** Takes up to `limit` due rows: see `choose` for the order. */
export async function lease(
  db: Database,
  turns: Turns,
  owner: string,
  now: number,
  leaseMs: number,
  limit: number,
): Promise<readonly Lease[]> {
  // Idle workers ask often; only one who finds something takes the write lock.
  const next = await nextDue(db.read);
  if (limit < 1 || next === null || next > now) return [];
  return db.write(async (transaction) => {
    const { takeable } = sqlOf(transaction);
    const wanted = await choose(transaction, turns, now, limit * spare);
    const chosen = await takeable(transaction, wanted, now, limit);
    if (chosen.length === 0) return [];
    const last = await advance(transaction, "generation", chosen.length);
    const leased = chosen.map((row, index): QueueRow => ({
      ...row,
      ...dueColumns(noDueTimes),
      state: "leased",
      owner,
      due_at: now + leaseMs,
      generation: last - chosen.length + 1 + index,
      // The process that held it never came back: that counts as a try, or work that kills its process would run
      // for ever.
      attempts: row.attempts + (row.state === "leased" ? 1 : 0),
      faults: row.faults + (row.state === "leased" ? 1 : 0),
    }));
    await writeRows(transaction, leased);
    for (const row of leased) {
      turns.served.set(row.share, row.generation);
      turns.served.set(`of ${installationOf(turns, row.share)}`, row.generation);
    }
    return leased.map(leaseOf);
  });
}

/** The earliest instant at which a waiting row is due or a lease ends; null when there is neither. */
export async function nextDue(db: Db): Promise<number | null> {
  const row = await db
    .selectFrom("queue")
    .select("due_at")
    .where("due_at", "is not", null)
    .orderBy("due_at")
    .limit(1)
    .executeTakeFirst();
  return row?.due_at ?? null;
}
