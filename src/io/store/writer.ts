import { setImmediate as nextTurn } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "./tables.ts";

/** Runs `act` all or nothing, owning the write lock from its start; on the disk when it answers. Inside, only `transaction` may be used. */
export type Write = <T>(act: (transaction: Db) => Promise<T>) => Promise<T>;

/** One database: reading goes straight to it, every writing through `write`. */
export interface Database {
  readonly read: Db;
  readonly write: Write;
}

interface Waiting {
  /** Answers how to tell the caller once the commit is known to stand. */
  readonly run: (transaction: Db) => Promise<() => void>;
  readonly reject: (error: unknown) => void;
}

/** A commit waits for the disk while the thread stands still, so what comes together is committed together. */
const together = 100;

/** Each act has a savepoint of its own: one that throws undoes itself and nothing of its neighbours. */
export function createWriter(db: Db): Write {
  const line: Waiting[] = [];
  let isRunning = false;

  const work = async (): Promise<void> => {
    isRunning = true;
    while (line.length > 0) {
      // One turn of the event loop lets requests that have arrived join this commit.
      await nextTurn();
      await commit(db, line.splice(0, together));
    }
    isRunning = false;
  };

  return (act) =>
    new Promise((resolve, reject) => {
      const run = async (transaction: Db): Promise<() => void> => {
        const answer = await act(transaction);
        return () => resolve(answer);
      };
      line.push({ run, reject });
      if (!isRunning) void work();
    });
}

async function commit(db: Db, acts: readonly Waiting[]): Promise<void> {
  const tellings: (() => void)[] = [];
  try {
    await db.transaction().execute(async (transaction) => {
      for (const act of acts) tellings.push(await inSavepoint(transaction, act));
    });
  } catch (error) {
    for (const act of acts) act.reject(error);
    return;
  }
  for (const tell of tellings) tell();
}

async function inSavepoint(transaction: Db, act: Waiting): Promise<() => void> {
  await sql`savepoint act`.execute(transaction);
  try {
    const tell = await act.run(transaction);
    await sql`release act`.execute(transaction);
    return tell;
  } catch (error) {
    await sql`rollback to act`.execute(transaction);
    await sql`release act`.execute(transaction);
    return () => act.reject(error);
  }
}
