import { Migrator, sql } from "kysely";
import { GatehouseError } from "#core/model/errors.ts";
import { sqlOf } from "./dialect-sql.ts";
import { migrations } from "./migrations/index.ts";
import type { Db } from "./tables.ts";

/**
 * Brings the tables up to this version, one process at a time, all or nothing. `until` stops early (data tests of single migrations).
 * A database of a newer version is refused: its rows may mean what this one does not know.
 */
export async function migrate(db: Db, until?: string): Promise<void> {
  await refuseNewer(db);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
  });
  const { error, results } =
    until === undefined ? await migrator.migrateToLatest() : await migrator.migrateTo(until);
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === "Error")?.migrationName;
  throw new GatehouseError(
    "unavailable",
    `The database could not be brought up to this version${failed === undefined ? "" : ` (migration ${failed})`}: ${error instanceof Error ? error.message : String(error)}`,
    { cause: error },
  );
}

/** Whether the tables are those of this version, of another one, or no tables of ours at all. */
export async function schemaOf(db: Db): Promise<"this" | "other" | "none"> {
  if (!(await sqlOf(db).hasTable(db, "kysely_migration"))) return "none";
  const ran = new Set(
    (await sql<{ readonly name: string }>`select name from kysely_migration`.execute(db)).rows.map(
      ({ name }) => name,
    ),
  );
  const known = Object.keys(migrations);
  return ran.size === known.length && known.every((name) => ran.has(name)) ? "this" : "other";
}

async function refuseNewer(db: Db): Promise<void> {
  if (!(await sqlOf(db).hasTable(db, "kysely_migration"))) return;
  const ran = await sql<{ readonly name: string }>`select name from kysely_migration`.execute(db);
  const unknown = ran.rows.filter((row) => !(row.name in migrations)).map((row) => row.name);
  if (unknown.length === 0) return;
  throw new GatehouseError(
    "unsupported",
    `The database of DATABASE_URL was written by a newer version of gatehouse (${unknown.join(", ")}). Run that version, or restore a backup made by this one.`,
  );
}
