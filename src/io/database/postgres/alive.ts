import { Client } from "pg";
import { sql } from "kysely";
import type { Db } from "../store/tables.ts";

/** The first half of our advisory locks' numbers: those that say that a process lives. */
const lifeClass = 0x67617465;
const lookEveryMs = 800;
/** A process that did not show its lock for so long has ended, or cannot reach the database, where it can do no harm. */
const goneAfterMs = 2_200;

/** How many processes show that they live over this database. */
export async function livesShown(db: Db): Promise<number> {
  const { rows } = await sql<{ readonly lives: number }>`
    select count(*) as lives from pg_locks where locktype = 'advisory' and granted and objsubid = 2
      and classid = ${lifeClass}::bigint::oid
      and database = (select oid from pg_database where datname = current_database())`.execute(db);
  return rows[0]?.lives ?? 0;
}

/**
 * A process shows that it lives by a lock that its session holds: the server takes it away in the moment in which the
 * process ends, however it ends. Looks after the others in turn, and tells which of them are gone.
 */
export function watchLives(options: {
  readonly url: string;
  readonly db: Db;
  readonly self: string;
  readonly onGone: (owners: ReadonlySet<string>) => Promise<void>;
}): { readonly isShown: Promise<void>; readonly stop: () => Promise<void> } {
  const { url, db, self, onGone } = options;
  const missingSince = new Map<string, number>();
  let session: Client | undefined;
  let looking: Promise<void> = Promise.resolve();

  async function show(): Promise<void> {
    if (session !== undefined) return;
    const client = new Client({
      connectionString: url,
      application_name: "gatehouse-alive",
      connectionTimeoutMillis: 3_000,
      keepAlive: true,
    });
    const drop = (): void => {
      if (session === client) session = undefined;
    };
    client.on("error", drop);
    client.on("end", drop);
    await client.connect();
    await client.query(
      "set tcp_keepalives_idle = 2; set tcp_keepalives_interval = 1; set tcp_keepalives_count = 2",
    );
    await client.query("select pg_advisory_lock($1, hashtext($2))", [lifeClass, self]);
    session = client;
  }

  async function look(): Promise<void> {
    await show();
    const { rows } = await sql<{ readonly owner: string; readonly lives: boolean }>`
      select held.owner, exists (
        select 1 from pg_locks where locktype = 'advisory' and granted and objsubid = 2
          and classid = ${lifeClass}::bigint::oid
          and objid = (hashtext(held.owner)::bigint & 4294967295)::oid
          and database = (select oid from pg_database where datname = current_database())
      ) as lives
      from (select distinct owner from queue where state = 'leased' and owner is not null) as held`.execute(
      db,
    );
    const now = performance.now();
    const missing = rows.filter(({ owner, lives }) => !lives && owner !== self);
    for (const owner of [...missingSince.keys()])
      if (!missing.some((row) => row.owner === owner)) missingSince.delete(owner);
    for (const { owner } of missing) if (!missingSince.has(owner)) missingSince.set(owner, now);
    const gone = [...missingSince].filter(([, since]) => now - since >= goneAfterMs);
    if (gone.length === 0) return;
    await onGone(new Set(gone.map(([owner]) => owner)));
    for (const [owner] of gone) missingSince.delete(owner);
  }

  const isShown = show();
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    looking = look()
      // A server that is gone is told only by what is asked of it; then everybody is missing, and nobody is taken from.
      .catch(() => missingSince.clear())
      .finally(() => (isBusy = false));
  }, lookEveryMs).unref();
  return {
    isShown,
    stop: async () => {
      clearInterval(timer);
      await looking;
      await session?.end().catch(() => undefined);
    },
  };
}
