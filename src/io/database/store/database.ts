import Libsql from "libsql";
import { Kysely } from "kysely";
import { sqlOf } from "./dialect-sql.ts";
import { LibsqlConnection } from "./libsql-connection.ts";
import { libsqlDialect } from "./libsql-dialect.ts";
import { type EmbeddedLocation, prepareDirectory, unreadable, unusable } from "./location.ts";
import type { Db, Tables } from "./tables.ts";

/** libsql waits this long itself, with the thread standing still; beyond it `LibsqlConnection` waits without. */
const nativePatienceMs = 20;

/**
 * Pages in the log before it is written back, which stops everybody for two waits on the disk. Bodies come and go in
 * the same pages, so that four times SQLite's default writes hardly more at once, four times as seldom: measured at
 * 200 deliveries a second, the slowest hundredth waits half as long. A restart reads 16 MB at most.
 */
const pagesBeforeCheckpoint = 4000;

/** Opens the file or memory: WAL, every commit on the disk before it is answered. */
export async function openDatabase(location: EmbeddedLocation): Promise<Db> {
  if (location.kind === "memory")
    return overConnection(new LibsqlConnection(new Libsql(":memory:")));
  prepareDirectory(location.path);
  let connection: LibsqlConnection | undefined;
  try {
    connection = new LibsqlConnection(new Libsql(location.path, { timeout: nativePatienceMs }));
    await connection.execute("pragma journal_mode = wal");
    await connection.execute("pragma synchronous = full");
    await connection.execute(`pragma wal_autocheckpoint = ${pagesBeforeCheckpoint}`);
    await connection.execute("pragma journal_size_limit = 67108864");
    // Without it REPLACE deletes an audit record and its trigger is not asked.
    await connection.execute("pragma recursive_triggers = on");
    // A file that can only be read shows itself here, not at the first delivery.
    await connection.execute("begin immediate");
    await connection.execute("commit");
  } catch (cause) {
    connection?.close();
    throw unusable(location.path, cause);
  }
  return overConnection(connection);
}

/** Opens a file that is there, to read from it and nothing else. */
export async function openReadOnly(path: string): Promise<Db> {
  try {
    return overConnection(
      new LibsqlConnection(new Libsql(path, { readonly: true, timeout: nativePatienceMs })),
    );
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/**
 * Opens a file that is there and keeps every other process out of it until it is closed; null where one is at work on
 * it. A process shows that it has a file open by the lock that SQLite's log asks of it, also while it does nothing.
 */
export function openAlone(path: string): Db | null {
  const database = new Libsql(path, { timeout: nativePatienceMs });
  try {
    database.exec("pragma locking_mode = exclusive");
    database.exec("begin exclusive");
    database.exec("commit");
  } catch (cause) {
    database.close();
    if (cause instanceof Error && "code" in cause && String(cause.code).startsWith("SQLITE_BUSY"))
      return null;
    throw unreadable(path, cause);
  }
  return overConnection(new LibsqlConnection(database));
}

const overConnection = (connection: LibsqlConnection): Db =>
  new Kysely<Tables>({ dialect: libsqlDialect(connection) });

/** The next `by` values of a counter; answers the last of them. */
export const advance = (transaction: Db, name: string, by: number): Promise<number> =>
  sqlOf(transaction).advance(transaction, name, by);

/** What Gatehouse stored as JSON, read back: the one place where stored text becomes a type again. */
export function stored<T>(text: string): T {
  return JSON.parse(text) as T;
}

/** Lists in pieces that fit a statement's parameters. */
export function* inPieces<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
