import { setTimeout as sleep } from "node:timers/promises";
import type { CompiledQuery, DatabaseConnection, QueryResult } from "kysely";
import type Libsql from "libsql";
import { GatehouseError } from "#core/model/errors.ts";
import { storable } from "./storable.ts";

/** Another process may hold the file for a migration or a backup; longer than this is a fault worth reporting. */
const busyPatienceMs = 10_000;
const statementsKept = 200;

interface Prepared {
  readonly statement: Pick<Libsql.Statement<[unknown[]]>, "all" | "run">;
  /** Whether it answers rows; asking the driver crosses into native code. */
  readonly isReader: boolean;
}

/**
 * Kysely's connection over libsql. Kysely's own SQLite dialect nearly fits; what it lacks is here:
 * libsql aborts the process on a boolean parameter, cuts text at NUL, and a busy file must not stall the event loop.
 */
export class LibsqlConnection implements DatabaseConnection {
  readonly #database: Libsql.Database;
  /** Preparing costs four times as much as running; the set of statements is small and fixed. */
  readonly #statements = new Map<string, Prepared>();

  constructor(database: Libsql.Database) {
    this.#database = database;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const parameters = query.parameters.map(storable);
    return this.#patiently(() => {
      const { statement, isReader } = this.#prepare(query.sql);
      // The rows' type is what the query was built to select: kysely's contract with every driver.
      if (isReader) return { rows: statement.all(parameters) as Row[] };
      const { changes } = statement.run(parameters);
      return { rows: [], numAffectedRows: BigInt(changes) };
    });
  }

  /** Long reads go in pages by key: a stream would hold the one connection as long as its reader is slow. */
  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new GatehouseError(
      "unsupported",
      "Streaming is not supported over libsql: read in pages by key.",
    );
  }

  async execute(sql: string): Promise<void> {
    await this.#patiently(() => this.#database.exec(sql));
  }

  get isInTransaction(): boolean {
    return this.#database.inTransaction;
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): Prepared {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const oldest = this.#statements.keys().next();
    if (this.#statements.size >= statementsKept && oldest.done !== true)
      this.#statements.delete(oldest.value);
    const statement = this.#database.prepare<[unknown[]]>(sql);
    const prepared = { statement, isReader: statement.reader };
    this.#statements.set(sql, prepared);
    return prepared;
  }

  async #patiently<T>(attempt: () => T): Promise<T> {
    const giveUpAt = performance.now() + busyPatienceMs;
    for (let wait = 1; ; wait = Math.min(wait * 2, 50)) {
      try {
        return attempt();
      } catch (cause) {
        // Inside a transaction the lock is ours already: trying again there would only hide a fault.
        if (!isBusy(cause) || this.#database.inTransaction || performance.now() > giveUpAt)
          throw failure(cause);
      }
      await sleep(wait);
    }
  }
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";

const isBusy = (cause: unknown): boolean => codeOf(cause).startsWith("SQLITE_BUSY");

function failure(cause: unknown): GatehouseError {
  const because = cause instanceof Error ? cause.message : String(cause);
  const code = codeOf(cause).startsWith("SQLITE_CONSTRAINT") ? "invalid" : "unavailable";
  return new GatehouseError(code, `The database refused: ${because}`, { cause });
}
