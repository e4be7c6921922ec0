import type { WorkItem } from "#core/ports/queue.ts";
import { inPieces } from "../store/database.ts";
import type { Database } from "../store/writer.ts";
import { type QueueRow, wishColumns, wishesOf } from "./rows.ts";
import { dueAt, noWishes, wish } from "./wishes.ts";

const piece = 200;

/** Adds or coalesces: one row per key, whatever is wished of it and however often. */
export async function mark(db: Database, items: readonly WorkItem[], now: number): Promise<void> {
  for (const some of inPieces(items, piece)) {
    await db.write(async (transaction) => {
      const known = await transaction
        .selectFrom("queue")
        .selectAll()
        .where("key", "in", [...new Set(some.map((item) => item.key))])
        .execute();
      const rows = new Map(known.map((row) => [row.key, row]));
      for (const item of some) rows.set(item.key, marked(rows.get(item.key), item, now));
      await transaction
        .insertInto("queue")
        .values([...rows.values()])
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
            faults: row.ref("excluded.faults"),
          })),
        )
        .execute();
    });
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
    const wishes = wish(noWishes, item, now);
    return {
      ...said,
      ...wishColumns(wishes),
      priority: item.priority,
      state: "waiting",
      due_at: dueAt(wishes),
      attempts: 0,
      error: null,
      owner: null,
      generation: row?.generation ?? 0,
      faults: 0,
    };
  }
  const wishes = wish(wishesOf(row), item, now);
  // A leased row keeps the end of its lease: the wish is found again when the lease is given back.
  const due = row.state === "leased" ? row.due_at : dueAt(wishes);
  return {
    ...row,
    ...said,
    ...wishColumns(wishes),
    priority: Math.min(row.priority, item.priority),
    due_at: due,
  };
}
