import type { Db } from "./tables.ts";

/** Age in ms of the oldest last decision whose subject is due, or was tried in vain, and was not judged since; 0 when all are fresh. */
export async function oldestVerdictAge(db: Db, now: number): Promise<number> {
  const row = await db
    .selectFrom("queue")
    .innerJoin("decisions", "decisions.subject_key", "queue.key")
    .select((column) => column.fn.min("decisions.at").as("oldest"))
    .where((where) => where.or([where("queue.due_at", "<=", now), where("queue.attempts", ">", 0)]))
    .where((where) =>
      where(
        "decisions.number",
        "=",
        where
          .selectFrom("decisions as last")
          .select((column) => column.fn.max("last.number").as("number"))
          .whereRef("last.subject_key", "=", "queue.key"),
      ),
    )
    .executeTakeFirst();
  return row?.oldest === null || row?.oldest === undefined ? 0 : Math.max(0, now - row.oldest);
}
