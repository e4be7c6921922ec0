import type { ReferenceExpression } from "kysely";
import type { Db, Tables } from "./tables.ts";
import type { Database } from "./writer.ts";

/** Rows deleted in one transaction: few enough that nobody waits for it, and that no limit on a statement ends it. */
const piece = 500;

/** Deletes all that `find` answers keys of, until it answers none. `remove` asks once more whether each may go: it may have been used since. */
export async function deleteFound<Key>(
  db: Database,
  find: (db: Db, limit: number) => Promise<readonly Key[]>,
  remove: (transaction: Db, keys: readonly Key[]) => Promise<{ readonly numDeletedRows: bigint }>,
): Promise<number> {
  let gone = 0;
  for (;;) {
    const keys = await find(db.read, piece);
    if (keys.length === 0) return gone;
    const { numDeletedRows } = await db.write((transaction) => remove(transaction, keys));
    // Others took them meanwhile, or use them again: what is left is for the next time.
    if (numDeletedRows === 0n) return gone;
    gone += Number(numDeletedRows);
  }
}

/** Goes through the rows of before `before` by their age, of which some stay: `remove` is handed one span of instants after the other. */
async function deleteBySpans(
  db: Database,
  table: "decisions" | "pushes",
  before: number,
  remove: (
    transaction: Db,
    span: { readonly after: number; readonly to: number },
  ) => Promise<{ readonly numDeletedRows: bigint }>,
): Promise<number> {
  const at: ReferenceExpression<Tables, typeof table> = "at";
  let gone = 0;
  for (let after = -1; after < before - 1;) {
    const end = await db.read
      .selectFrom(table)
      .select("at")
      .where(at, ">", after)
      .where(at, "<", before)
      .orderBy("at")
      .offset(piece - 1)
      .limit(1)
      .executeTakeFirst();
    const span = { after, to: end?.at ?? before - 1 };
    const { numDeletedRows } = await db.write((transaction) => remove(transaction, span));
    gone += Number(numDeletedRows);
    after = span.to;
  }
  return gone;
}

const settledEffects = (db: Database, before: number): Promise<number> =>
  deleteFound(
    db,
    async (read, limit) =>
      (
        await read
          .selectFrom("outbox")
          .select("key")
          .where("pending", "=", 0)
          .where("settled_at", "<", before)
          .orderBy("settled_at")
          .limit(limit)
          .execute()
      ).map(({ key }) => key),
    (transaction, keys) =>
      transaction
        .deleteFrom("outbox")
        .where("key", "in", keys)
        .where("pending", "=", 0)
        .where("settled_at", "<", before)
        .executeTakeFirst(),
  );

const supersededDecisions = (db: Database, before: number): Promise<number> =>
  deleteBySpans(db, "decisions", before, (transaction, { after, to }) =>
    transaction
      .deleteFrom("decisions")
      .where("at", ">", after)
      .where("at", "<=", to)
      .where((where) =>
        where.exists(
          where
            .selectFrom("decisions as later")
            .select("later.number")
            .whereRef("later.subject_key", "=", "decisions.subject_key")
            .whereRef("later.number", ">", "decisions.number"),
        ),
      )
      .executeTakeFirst(),
  );

const oldPushes = (db: Database, before: number): Promise<number> =>
  deleteBySpans(db, "pushes", before, (transaction, { after, to }) =>
    transaction
      .deleteFrom("pushes")
      .where("at", ">", after)
      .where("at", "<=", to)
      .where("ref", "not like", "refs/pull/%")
      .executeTakeFirst(),
  );

/** Sessions or tokens that ran out before this instant. */
export const prunedByExpiry = (
  db: Database,
  table: "sessions" | "api_tokens",
  before: number,
): Promise<number> =>
  deleteFound(
    db,
    async (read, limit) =>
      (
        await read
          .selectFrom(table)
          .select("id")
          .where("expires_at", "<", before)
          .limit(limit)
          .execute()
      ).map(({ id }) => id),
    (transaction, ids) =>
      transaction
        .deleteFrom(table)
        .where("id", "in", ids)
        .where("expires_at", "<", before)
        .executeTakeFirst(),
  );

/**
 * Forgets settled effects, superseded decisions, pushes, and sessions and tokens that ran out, of before `before` (epoch
 * ms); answers how many rows went. In pieces, a transaction each: a store of years has more than any one statement may
 * take. Each subject's last decision stays, so that numbers go on rising; what GitHub shows is found there again by
 * marker and id. Pushes to pull requests stay: of a fork GitHub tells nobody a second time who pushed.
 * Acts, deployments, contributors, claims and the audit log are never pruned.
 */
export async function prune(db: Database, before: number): Promise<number> {
  return (
    (await settledEffects(db, before)) +
    (await supersededDecisions(db, before)) +
    (await oldPushes(db, before)) +
    (await prunedByExpiry(db, "sessions", before)) +
    (await prunedByExpiry(db, "api_tokens", before))
  );
}
