import { sql } from "kysely";
import type { Lease } from "#core/ports/queue.ts";
import { advance } from "../store/database.ts";
import { sqlOf } from "../store/dialect-sql.ts";
import type { Db } from "../store/tables.ts";
import type { QueueRow } from "../store/tables/queue.ts";
import type { Database } from "../store/writer.ts";
import { leaseOf, dueColumns, writeRows } from "./rows.ts";
import { noDueTimes } from "./due-times.ts";

/** When each share was served last, in this process: among equals it is the turn of the one that waited longest. */
export type Turns = Map<string, number>;

/** Takes up to `limit` due rows: priority first, then evenly over the shares, then the longest due. */
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
    const chosen = await choose(transaction, turns, now, limit);
    if (chosen.length === 0) return [];
    const last = await advance(transaction, "generation", chosen.length);
    const leased = chosen.map((row, index): QueueRow => ({
      ...row,
      ...dueColumns(noDueTimes),
      state: "leased",
      owner,
      due_at: now + leaseMs,
      generation: last - chosen.length + 1 + index,
      // Whoever held it before never came back: that was a try too, or work that kills its process would run for ever.
      attempts: row.attempts + (row.state === "leased" ? 1 : 0),
      faults: row.faults + (row.state === "leased" ? 1 : 0),
    }));
    await writeRows(transaction, leased);
    for (const row of leased) turns.set(row.share, row.generation);
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

async function choose(
  db: Db,
  turns: Turns,
  now: number,
  limit: number,
): Promise<readonly QueueRow[]> {
  const busy = await leasedPerShare(db, now);
  const candidates: { readonly row: QueueRow; readonly place: number; readonly turn: number }[] =
    [];
  for (const share of await sharesDue(db)) {
    const rows = await db
      .selectFrom("queue")
      .selectAll()
      .where("share", "=", share)
      .where("due_at", "<=", now)
      .orderBy("priority")
      .orderBy("due_at")
      .limit(limit)
      .execute();
    const before = busy.get(share) ?? 0;
    rows.forEach((row, index) =>
      candidates.push({ row, place: before + index, turn: turns.get(share) ?? 0 }),
    );
  }
  candidates.sort(
    (a, b) =>
      a.row.priority - b.row.priority ||
      a.place - b.place ||
      a.turn - b.turn ||
      (a.row.due_at ?? 0) - (b.row.due_at ?? 0),
  );
  return sqlOf(db).takeable(
    db,
    candidates.map((candidate) => candidate.row),
    now,
    limit,
  );
}

async function leasedPerShare(db: Db, now: number): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom("queue")
    .select((column) => ["share", column.fn.countAll<number>().as("leased")])
    .where("state", "=", "leased")
    .where("due_at", ">", now)
    .groupBy("share")
    .execute();
  return new Map(rows.map((row) => [row.share, row.leased]));
}

/** Every share that has rows, found by hopping along the index: shares are few, rows are many. */
async function sharesDue(db: Db): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly share: string }>`
    with recursive hop(share) as (
      select min(share) from queue
      union all
      select (select min(share) from queue where share > hop.share) from hop where hop.share is not null
    )
    select share from hop where share is not null`.execute(db);
  return rows.map((row) => row.share);
}
