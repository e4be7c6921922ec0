import { Pool, type PoolClient } from "pg";
import type { PostgresPool, PostgresPoolClient } from "kysely";
import { GatehouseError } from "#core/model/errors.ts";
import { storable } from "../store/storable.ts";
import { kindOf } from "./failure.ts";
import type { Server } from "./server.ts";
import { valueTypes } from "./values.ts";

export interface PoolOptions {
  readonly url: string;
  /** As `pg_stat_activity` shows it. */
  readonly name: string;
  readonly size: number;
  readonly readOnly?: boolean;
  /** What a statement may take; null: as long as it takes, which a migration of a large store and the wait for it do. */
  readonly statementMs?: number | null;
}

/** Longer than any statement of ours takes, and shorter than GitHub waits for a delivery to be taken. */
const usualStatementMs = 8_000;
/** Times what a statement may take, the caller gives up by itself: reached only where nobody answers at all. */
const unanswered = 1.5;
const connectMs = 5_000;
/** A process that stands still in the middle of a transaction, or whose machine is gone, holds the others up no longer than this. */
const idleInTransactionMs = 4_000;

/** What each connection is told at its start; a pooler in between lets these through, which it does not do with start-up options. */
const sessionSettings = (readOnly: boolean, statementMs: number | null): string =>
  [
    `set statement_timeout = ${statementMs ?? 0}`,
    `set idle_in_transaction_session_timeout = ${idleInTransactionMs}`,
    "set default_transaction_isolation = 'read committed'",
    "set client_encoding = 'UTF8'",
    "set tcp_keepalives_idle = 5",
    "set tcp_keepalives_interval = 2",
    "set tcp_keepalives_count = 3",
    ...(readOnly ? ["set default_transaction_read_only = on"] : []),
  ].join("; ");

/** Connections of one purpose, by the name of that purpose. */
export function createPool({
  url,
  name,
  size,
  readOnly = false,
  statementMs = usualStatementMs,
}: PoolOptions): Pool {
  const pool = new Pool({
    connectionString: url,
    application_name: name,
    max: size,
    connectionTimeoutMillis: connectMs,
    ...(statementMs === null ? {} : { query_timeout: statementMs * unanswered }),
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    types: valueTypes,
    onConnect: async (client) => void (await client.query(sessionSettings(readOnly, statementMs))),
  });
  // A connection that breaks tells the query that runs over it; nobody else has to hear of it, or the process would end.
  pool.on("connect", (client) => client.on("error", () => undefined));
  pool.on("error", () => undefined);
  return pool;
}

/** A pool as kysely asks it: values that PostgreSQL can hold, errors in our words, and connections that broke are not used again. */
export function watchedPool(pool: Pool, server: Server): PostgresPool {
  // A connection that breaks while nobody uses it.
  pool.on("error", (cause) => void server.failed(cause));
  return {
    connect: async () => {
      try {
        return watchedClient(await pool.connect(), server);
      } catch (cause) {
        throw server.failed(cause);
      }
    },
    end: () => pool.end(),
  };
}

function watchedClient(client: PoolClient, server: Server): PostgresPoolClient {
  let isBroken = false;
  const query = async (text: string, values: readonly unknown[]): Promise<unknown> => {
    const storables = values.map(storable);
    try {
      const result = await client.query(text, storables);
      server.answered();
      return result;
    } catch (cause) {
      if (cause instanceof GatehouseError) throw cause;
      isBroken ||= kindOf(cause) === "lost";
      throw server.failed(cause);
    }
  };
  return {
    // Kysely's second way to ask, with a cursor, is for streams: long reads go in pages here.
    query: query as PostgresPoolClient["query"],
    release: () => client.release(isBroken),
  };
}
