import type { Queue, QueueStats } from "#core/ports/queue.ts";
import type { Db } from "../store/tables.ts";
import type { Database } from "../store/writer.ts";
import { deadLetter, complete, releaseOwners, retry } from "./give-back.ts";
import { lease, nextDue } from "./lease.ts";
import { mark } from "./mark.ts";
import { extend, seeHeldRow } from "./rows.ts";
import { createTurns } from "./shares.ts";

/** The work to be done, one row per key, over the store's own database. */
export function createQueue(db: Database, now: () => number): Queue {
  const turns = createTurns();
  let marked: Promise<unknown> = Promise.resolve();
  return {
    // One after the other: where transactions run side by side, what was said later must not be overtaken.
    mark: (items) => {
      const at = now();
      const turn = marked.then(() => mark(db, items, at));
      marked = turn.catch(() => undefined);
      return turn;
    },
    lease: (owner, at, leaseMs, limit) => lease(db, turns, owner, at, leaseMs, limit),
    extend: (held, until) => db.write((transaction) => extend(transaction, held, until)),
    holds: async (held) => ((await seeHeldRow(db.read, held))?.due_at ?? 0) > now(),
    complete: (held, wakeAt) => complete(db, held, wakeAt),
    retry: (held, at, error, isFault = false) => retry(db, held, at, error, isFault),
    deadLetter: (held, error) => deadLetter(db, held, error),
    releaseDead: (isAlive) => releaseOwners(db, (owner) => !isAlive(owner), now(), true),
    release: (owner) => releaseOwners(db, (other) => other === owner, now(), false),
    stats: (at) => stats(db.read, at),
    nextDue: () => nextDue(db.read),
  };
}

async function stats(db: Db, now: number): Promise<QueueStats> {
  const counts = await db
    .selectFrom("queue")
    .select((column) => ["state", column.fn.countAll<number>().as("rows")])
    .groupBy("state")
    .execute();
  const due = await db
    .selectFrom("queue")
    .select((column) => [
      column.fn.countAll<number>().as("rows"),
      column.fn.min("due_at").as("oldest"),
    ])
    .where("state", "=", "waiting")
    .where("due_at", "<=", now)
    .executeTakeFirst();
  const of = (state: string): number => counts.find((count) => count.state === state)?.rows ?? 0;
  return {
    waiting: of("waiting"),
    due: due?.rows ?? 0,
    leased: of("leased"),
    dead: of("dead"),
    oldestDueMs: due?.oldest === null || due?.oldest === undefined ? 0 : now - due.oldest,
  };
}
