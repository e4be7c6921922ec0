import type { WorkItem } from "#core/ports/queue.ts";
import { inPieces } from "../store/database.ts";
import { sqlOf } from "../store/dialect-sql.ts";
import type { Db } from "../store/tables.ts";
import type { QueueRow } from "../store/tables/queue.ts";
import type { Database } from "../store/writer.ts";
import { dueColumns, dueTimesOf, writeRows } from "./rows.ts";
import { dueAt, noDueTimes, withMark } from "./due-times.ts";

const piece = 200;

/** Adds or coalesces items: one row per key, however often it is marked. */
export async function mark(db: Database, items: readonly WorkItem[], now: number): Promise<void> {
  for (const some of inPieces(items, piece)) {
    const byKey = new Map<string, readonly WorkItem[]>();
    for (const item of some) byKey.set(item.key, [...(byKey.get(item.key) ?? []), item]);
    await db.write((transaction) => markAll(transaction, byKey, now));
  }
}

async function markAll(
  transaction: Db,
  byKey: ReadonlyMap<string, readonly WorkItem[]>,
  now: number,
): Promise<void> {
  const combined = (key: string, known: QueueRow | undefined): QueueRow | undefined =>
    (byKey.get(key) ?? []).reduce<QueueRow | undefined>(
      (row, item) => marked(row, item, now),
      known,
    );
  const isRow = (row: QueueRow | undefined): row is QueueRow => row !== undefined;
  // Every process locks rows in the same order, so that no two wait for each other.
  let left = [...byKey.keys()].sort();
  while (left.length > 0) {
    const known = await transaction
      .selectFrom("queue")
      .selectAll()
      .where("key", "in", left)
      .orderBy("key")
      .forUpdate()
      .execute();
    const changed = known.map((row) => combined(row.key, row)).filter(isRow);
    await writeRows(transaction, changed);
    await sqlOf(transaction).announce(transaction, changed);
    const isKnown = new Set(known.map((row) => row.key));
    const fresh = left
      .filter((key) => !isKnown.has(key))
      .map((key) => combined(key, undefined))
      .filter(isRow);
    if (fresh.length === 0) return;
    const added = await transaction
      .insertInto("queue")
      .values(fresh)
      .onConflict((conflict) => conflict.column("key").doNothing())
      .returning("key")
      .execute();
    const isAdded = new Set(added.map((row) => row.key));
    await sqlOf(transaction).announce(
      transaction,
      fresh.filter((row) => isAdded.has(row.key)),
    );
    // Added by another process since they were looked for: to be combined with its marks.
    left = fresh.map((row) => row.key).filter((key) => !isAdded.has(key));
  }
}

function marked(row: QueueRow | undefined, item: WorkItem, now: number): QueueRow {
  const said = {
    key: item.key,
    kind: item.kind,
    payload: JSON.stringify(item.payload) ?? "null",
    share: item.share ?? row?.share ?? "",
  };
  if (row === undefined || row.state === "dead") {
    const dueTimes = withMark(noDueTimes, item, now);
    return {
      ...said,
      ...dueColumns(dueTimes),
      priority: item.priority,
      state: "waiting",
      due_at: dueAt(dueTimes),
      attempts: 0,
      error: null,
      owner: null,
      generation: row?.generation ?? 0,
      faults: 0,
    };
  }
  const dueTimes = withMark(dueTimesOf(row), item, now);
  // A leased row keeps the end of its lease; the mark takes effect when the lease is given back.
  const due = row.state === "leased" ? row.due_at : dueAt(dueTimes);
  return {
    ...row,
    ...said,
    ...dueColumns(dueTimes),
    priority: Math.min(row.priority, item.priority),
    due_at: due,
  };
}
