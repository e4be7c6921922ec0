import { Kysely, sql } from "kysely";
import type { Pool } from "pg";
import { GatehouseError } from "#core/model/errors.ts";
import { migrate, schemaOf } from "../store/migrate.ts";
import type { Db, Tables } from "../store/tables.ts";
import type { Database } from "../store/writer.ts";
import { kindOf, reasonOf, sqlState } from "./failure.ts";
import { createPool, watchedPool } from "./pool.ts";
import { postgresDialect } from "./postgres-dialect.ts";
import { createServer, type Server } from "./server.ts";
import { migrateWake } from "./wake.ts";
import { createPostgresWriter } from "./writer.ts";

/** The oldest version that is still looked after somewhere. */
const oldestVersion = 130_000;

/** Held by the process that brings the tables up, ours and graphile-worker's. */
export const migrationLock = 7_449_358_216;

export interface PostgresDatabase {
  readonly database: Database;
  readonly server: Server;
}

/** Connects, and says in one line what to do where that cannot be. `size`: connections at most. */
export async function openPostgres(options: {
  readonly url: string;
  readonly size: number;
  readonly readOnly?: boolean;
  readonly statementMs?: number;
}): Promise<PostgresDatabase> {
  const server = createServer();
  const pool = createPool({ name: "gatehouse", ...options });
  try {
    const { rows } = await pool.query<{ readonly version: string }>(
      "select current_setting('server_version_num') as version",
    );
    const version = Number(rows[0]?.version ?? 0);
    if (version < oldestVersion)
      throw new GatehouseError(
        "unsupported",
        `DATABASE_URL: the server is PostgreSQL ${Math.floor(version / 10_000)}; Gatehouse needs 13 or newer. Upgrade the server, or point DATABASE_URL at another one.`,
      );
  } catch (cause) {
    await pool.end().catch(() => undefined);
    throw cause instanceof GatehouseError ? cause : unusableServer(cause);
  }
  const db = overPool(pool, server);
  return { database: { read: db, write: createPostgresWriter(db) }, server };
}

const overPool = (pool: Pool, server: Server): Db =>
  new Kysely<Tables>({ dialect: postgresDialect(watchedPool(pool, server)) });

/**
 * Brings the tables up to this version: one process at a time, the others wait for it as long as it takes. Over
 * connections of its own, for a wait of minutes would break what everything else asks over.
 */
export async function migratePostgres(url: string): Promise<void> {
  // One holds the lock and brings up our tables, the other graphile-worker's.
  const pool = createPool({ url, name: "gatehouse-migration", size: 2, statementMs: null });
  const db = overPool(pool, createServer());
  try {
    await db.connection().execute(async (one) => {
      await sql`select pg_advisory_lock(${migrationLock}::bigint)`.execute(one);
      if ((await schemaOf(one)) !== "this") await migrate(one);
      await migrateWake(pool);
    });
  } catch (error) {
    throw mayNot(error) ? notAllowed(error) : error;
  } finally {
    // The lock goes with the connection that holds it.
    await db.destroy();
  }
}

/** Nobody but a database's owner may make tables in its schema `public`, from PostgreSQL 15 on. */
const mayNot = (error: unknown): boolean =>
  error instanceof Error && (sqlState(error) === "42501" || mayNot(error.cause));

const notAllowed = (cause: unknown): GatehouseError =>
  new GatehouseError(
    "unsupported",
    "DATABASE_URL: the user may not make tables in this database. Make it the owner of the database (ALTER DATABASE … OWNER TO …), or allow it: GRANT CREATE ON DATABASE … TO …; GRANT CREATE ON SCHEMA public TO ….",
    { cause },
  );

/** The one sentence for a server or database that cannot be used. Nothing of the URL is repeated but what the server names itself. */
function unusableServer(cause: unknown): GatehouseError {
  const say = (code: "unsupported" | "unavailable", text: string): GatehouseError =>
    new GatehouseError(code, `DATABASE_URL: ${text}`, { cause });
  switch (sqlState(cause)) {
    case "28P01":
    case "28000":
      return say(
        "unsupported",
        "the server refuses the user or the password. Correct them in the URL (what is special in a password is percent-encoded), or let the user in: pg_hba.conf.",
      );
    case "3D000":
      return say(
        "unsupported",
        "the server has no database of that name. Make one, owned by Gatehouse's user: createdb --owner USER DATABASE.",
      );
    case "42501":
      return say(
        "unsupported",
        "the user may not connect to the database. Allow it: GRANT CONNECT ON DATABASE … TO …, or make it the owner.",
      );
  }
  if (cause instanceof Error && /SSL|certificate/i.test(`${cause.message}`))
    return say(
      "unsupported",
      "the server and the URL do not agree about encryption. Set sslmode in the URL (verify-full, no-verify or disable); name a private authority's certificate in sslrootcert or NODE_EXTRA_CA_CERTS.",
    );
  if (kindOf(cause) === "lost")
    return say(
      "unavailable",
      `the PostgreSQL server cannot be reached (${reasonOf(cause)}). Look whether it runs, and whether host and port of the URL are right.`,
    );
  return say(
    "unavailable",
    `the PostgreSQL server cannot be used (${cause instanceof Error ? cause.message : String(cause)}).`,
  );
}
