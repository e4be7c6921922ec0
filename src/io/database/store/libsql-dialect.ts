import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type SelectModifierNode,
  type TransactionSettings,
} from "kysely";
import type { DialectSql } from "./dialect-sql.ts";
import { libsqlSql } from "./libsql-sql.ts";
import type { LibsqlConnection } from "./libsql-connection.ts";

/** Kysely over one libsql connection. */
export function libsqlDialect(connection: LibsqlConnection): Dialect {
  return {
    createAdapter: () => new LibsqlAdapter(),
    createDriver: () => new LibsqlDriver(connection),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new LibsqlCompiler(),
  };
}

/** SQLite's DDL is transactional; saying so makes the Migrator run under one write lock: one instance at a time, all or nothing. */
class LibsqlAdapter extends SqliteAdapter {
  readonly dialectSql: DialectSql = libsqlSql;

  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** SQLite has no row locks: a writer has the lock on everything. */
class LibsqlCompiler extends SqliteQueryCompiler {
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (node.modifier !== "ForUpdate" && node.modifier !== "SkipLocked")
      super.visitSelectModifier(node);
  }
}

class LibsqlDriver implements Driver {
  readonly #connection: LibsqlConnection;
  /** SQLite has one writer and we hold one connection: each transaction waits for the one before. */
  #free: Promise<void> = Promise.resolve();
  #release: () => void = () => undefined;

  constructor(connection: LibsqlConnection) {
    this.#connection = connection;
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#free;
    let release: () => void = () => undefined;
    this.#free = new Promise((resolve) => (release = resolve));
    await before;
    this.#release = release;
    return this.#connection;
  }

  /**
   * IMMEDIATE: a transaction that begins as a reader and writes later can fail half-way; this one waits for the
   * lock at its start.
   */
  async beginTransaction(
    _connection: DatabaseConnection,
    settings: TransactionSettings,
  ): Promise<void> {
    await this.#connection.execute(
      settings.accessMode === "read only" ? "begin" : "begin immediate",
    );
  }

  async commitTransaction(): Promise<void> {
    await this.#connection.execute("commit");
  }

  async rollbackTransaction(): Promise<void> {
    // A full disk has SQLite roll back by itself: a second rollback would hide what happened.
    if (this.#connection.isInTransaction) await this.#connection.execute("rollback");
  }

  releaseConnection(): Promise<void> {
    this.#release();
    return Promise.resolve();
  }

  destroy(): Promise<void> {
    this.#connection.close();
    return Promise.resolve();
  }
}
