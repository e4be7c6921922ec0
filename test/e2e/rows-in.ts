import { setTimeout as sleep } from "node:timers/promises";
import Libsql from "libsql";
import pg from "pg";
import { valueTypes } from "#io/database/postgres/values.ts";

type Value = string | number | null | undefined;

const pools = new Map<string, pg.Pool>();

function poolOf(url: string): pg.Pool {
  const known = pools.get(url);
  if (known !== undefined) return known;
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    types: valueTypes,
    allowExitOnIdle: true,
  });
  // A server that a test stops takes the connection along.
  pool.on("error", () => undefined);
  pools.set(url, pool);
  return pool;
}

/** Lets go of a gate's database. */
export async function letGo(url: string): Promise<void> {
  const pool = pools.get(url);
  pools.delete(url);
  await pool?.end();
}

const isPostgres = (url: string): boolean => url.startsWith("postgres:");

function inPostgres(url: string, sql: string, values: readonly Value[]): Promise<pg.QueryResult> {
  let at = 0;
  return poolOf(url).query(
    sql.replaceAll("?", () => `$${(at += 1)}`),
    [...values],
  );
}

/** What a gate's database answers, whichever it is; parameters are `?`. */
export async function rowsIn<T>(
  url: string,
  sql: string,
  ...values: readonly Value[]
): Promise<readonly T[]> {
  if (isPostgres(url)) return (await inPostgres(url, sql, values)).rows as T[];
  return inFile(url, (db) => db.prepare(sql).all([...values]) as T[]);
}

/** Changes a gate's database from outside, as an operator or a fault would; answers how many rows. */
export async function changeIn(
  url: string,
  sql: string,
  ...values: readonly Value[]
): Promise<number> {
  if (isPostgres(url)) return (await inPostgres(url, sql, values)).rowCount ?? 0;
  return inFile(url, (db) => db.prepare(sql).run([...values]).changes);
}

/**
 * Retries while the gate holds the lock, each time with a connection of its own: a statement that found the database busy
 * stays active, and while it does a later write on its connection is neither committed nor given up (libsql 0.5).
 */
export async function inFile<T>(url: string, act: (db: Libsql.Database) => T): Promise<T> {
  const giveUpAt = Date.now() + 15_000;
  for (;;) {
    const db = new Libsql(url.slice("file:".length), { timeout: 1 });
    try {
      return act(db);
    } catch (error) {
      if (!isBusy(error) || Date.now() > giveUpAt) throw error;
    } finally {
      db.close();
    }
    await sleep(3);
  }
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");
