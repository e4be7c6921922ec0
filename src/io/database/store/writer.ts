import { setImmediate as nextTurn } from "node:timers/promises";
import { CompiledQuery } from "kysely";
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

/** Said thousands of times a minute: built once. */
const savepoint = CompiledQuery.raw("savepoint act");
const keep = CompiledQuery.raw("release act");
const undo = CompiledQuery.raw("rollback to act");

/**
 * Each act has a savepoint of its own: one that throws undoes itself and nothing of its neighbours. `stands` throws
 * where the database's files are gone: asked before anything is written, and once more before anybody is told.
 */
export function createWriter(db: Db, stands: () => void = () => undefined): Write {
  const line: Waiting[] = [];
  let isRunning = false;

  const work = async (): Promise<void> => {
    isRunning = true;
    while (line.length > 0) {
      // One turn of the event loop lets requests that have arrived join this commit.
      await nextTurn();
      await commit(db, line.splice(0, together), stands);
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

async function commit(db: Db, acts: readonly Waiting[], stands: () => void): Promise<void> {
  const tellings: (() => void)[] = [];
  try {
    stands();
    await db.transaction().execute(async (transaction) => {
      const [only, ...others] = acts;
      // Alone it has nobody's work to spare: the transaction is its savepoint.
      if (only !== undefined && others.length === 0) tellings.push(await only.run(transaction));
      else for (const act of acts) tellings.push(await inSavepoint(transaction, act));
    });
    stands();
  } catch (error) {
    for (const act of acts) act.reject(error);
    return;
  }
  for (const tell of tellings) tell();
}

async function inSavepoint(transaction: Db, act: Waiting): Promise<() => void> {
  await transaction.executeQuery(savepoint);
  try {
    const tell = await act.run(transaction);
    await transaction.executeQuery(keep);
    return tell;
  } catch (error) {
    await transaction.executeQuery(undo);
    await transaction.executeQuery(keep);
    return () => act.reject(error);
  }
}
