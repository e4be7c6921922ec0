import { Logger, run, runMigrations, type Runner } from "graphile-worker";
import type { Pool } from "pg";
import { sql } from "kysely";
import type { Db } from "../store/tables.ts";
import type { QueueRow } from "../store/tables/queue.ts";

const task = "gatehouse_wake";
const againMs = 1_000;
/** Longer names are refused as job keys. */
const longestKey = 500;

/** What goes wrong with waking costs a second at most, and that the server is gone is told elsewhere. */
const silent = new Logger(() => () => undefined);

/** graphile-worker's own tables, in its own schema beside ours; it brings them up itself. */
export const migrateWake = (pgPool: Pool): Promise<void> =>
  runMigrations({ pgPool, logger: silent });

/** One job for each row, by its key: a burst of marks is one, and its time is that of the last. Listeners hear of it when the transaction stands. */
export async function announceRows(transaction: Db, rows: readonly QueueRow[]): Promise<void> {
  const waiting = rows
    .filter((row) => row.state === "waiting" && row.due_at !== null)
    .map(({ key, due_at, priority }) => ({ key, due_at, priority }));
  if (waiting.length === 0) return;
  await sql`select count(*) from graphile_worker.add_jobs(array(
    select row(${task}::text, '{}'::json, null, to_timestamp(due_at / 1000.0), 1,
      case when length(key) > ${longestKey}::int then md5(key) else key end, priority, null)::graphile_worker.job_spec
    from json_to_recordset(${JSON.stringify(waiting)}::json) as marked(key text, due_at bigint, priority int)
    order by key))`.execute(transaction);
}

/** Calls `wake` when work is due that any process marked; answers how to stop. */
export function wakeOnWork(pgPool: Pool, wake: () => void): () => Promise<void> {
  let isStopping = false;
  let runner: Runner | undefined;

  const runOnce = async (): Promise<void> => {
    runner = await run({
      pgPool,
      logger: silent,
      noHandleSignals: true,
      concurrency: 1,
      pollInterval: 2_000,
      taskList: { [task]: () => wake() },
      parsedCronItems: [],
      preset: { worker: { localQueue: { size: 50 }, completeJobBatchDelay: 20 } },
    });
    if (isStopping) await runner.stop();
    await runner.promise;
  };
  const running = (async () => {
    while (!isStopping) {
      await runOnce().catch(() => undefined);
      if (!isStopping) await new Promise((resolve) => setTimeout(resolve, againMs).unref());
    }
  })();

  return async () => {
    isStopping = true;
    await runner?.stop().catch(() => undefined);
    await running;
  };
}
