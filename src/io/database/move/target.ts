import { sql } from "kysely";
import { GatehouseError } from "#core/model/errors.ts";
import { genesisHash } from "../audit/chain.ts";
import { livesShown } from "../postgres/alive.ts";
import { migratePostgres, openPostgres } from "../postgres/open-postgres.ts";
import { sqlOf } from "../store/dialect-sql.ts";
import { moveTable } from "../store/half-moved.ts";
import type { Db } from "../store/tables.ts";
import type { Database } from "../store/writer.ts";
import type { Numbers, Source } from "./source.ts";
import { appendOnly, movedTables } from "./tables.ts";

interface Mark {
  readonly source: string;
  readonly state: string;
}

export interface Target {
  readonly database: Database;
  /** Tells when the server went away. */
  readonly onLost: (tell: (error: GatehouseError) => void) => void;
}

/**
 * Connects to the database that is moved into, marks it as half-moved, and makes its tables. It is empty, or holds what
 * an earlier run moved out of the same source; where the source says otherwise since, that is taken out again.
 */
export async function openTarget(url: string, source: Source): Promise<Target> {
  const { database, server } = await openPostgres({ url, size: 2 });
  try {
    const state = stateOf(source.numbers);
    const mark = await database.write(async (transaction) => {
      await sqlOf(transaction).oneAtATime(transaction, moveTable);
      await refuseBusy(transaction);
      const found = await markOf(transaction);
      if (found !== undefined) return found;
      await refuseRecords(transaction);
      await setMark(transaction, { source: source.path, state });
      return { source: source.path, state };
    });
    if (mark.source !== source.path)
      throw new GatehouseError(
        "unsupported",
        `--to: ${mark.source} is being moved into this database, and that has not come to its end. Move that one to its end, or name a new, empty database.`,
      );
    await migratePostgres(url);
    if (mark.state !== state)
      await database.write(async (transaction) => {
        await empty(transaction);
        await setMark(transaction, { source: source.path, state });
      });
    return {
      database,
      onLost: (tell) => void server.watch({ onLost: tell, onBack: () => undefined }),
    };
  } catch (error) {
    await database.read.destroy();
    throw error;
  }
}

const stateOf = (numbers: Numbers): string => JSON.stringify(numbers);

async function refuseBusy(db: Db): Promise<void> {
  if ((await livesShown(db)) > 0)
    throw new GatehouseError(
      "unsupported",
      "--to: a gatehouse process runs over this database. A database is moved into an empty one that nobody uses: stop that process, or name another database.",
    );
}

async function markOf(db: Db): Promise<Mark | undefined> {
  if (!(await sqlOf(db).hasTable(db, moveTable))) return undefined;
  const { rows } = await sql<Mark>`select source, state from ${sql.table(moveTable)}`.execute(db);
  return rows[0] ?? { source: "another database", state: "" };
}

async function setMark(transaction: Db, mark: Mark): Promise<void> {
  await sql`create table if not exists ${sql.table(moveTable)} (source text not null, state text not null)`.execute(
    transaction,
  );
  await sql`delete from ${sql.table(moveTable)}`.execute(transaction);
  await sql`insert into ${sql.table(moveTable)} (source, state) values (${mark.source}, ${mark.state})`.execute(
    transaction,
  );
}

/** Tables of ours that hold nothing are in nobody's way. */
async function refuseRecords(db: Db): Promise<void> {
  for (const { name } of movedTables) {
    if (!(await sqlOf(db).hasTable(db, name))) continue;
    const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(db);
    if (rows.length > 0)
      throw new GatehouseError(
        "unsupported",
        `--to: this database holds records of gatehouse already (${name}), which a move would mix with others. Name a new, empty database: createdb --owner USER DATABASE.`,
      );
  }
}

/** Takes out what an earlier run moved in; the guards of append-only tables are for records, not for half a copy of them. */
async function empty(transaction: Db): Promise<void> {
  for (const { name } of movedTables) {
    const guards = appendOnly.includes(name);
    const guard = (how: "disable" | "enable"): Promise<unknown> =>
      sql`alter table ${sql.table(name)} ${sql.raw(how)} trigger user`.execute(transaction);
    if (guards) await guard("disable");
    await sql`truncate ${sql.table(name)}`.execute(transaction);
    if (guards) await guard("enable");
  }
  await transaction.updateTable("audit_head").set({ seq: 0, hash: genesisHash }).execute();
}

/** Numbers go on where they were. */
export async function continueNumbers(transaction: Db, numbers: Numbers): Promise<void> {
  await transaction.updateTable("audit_head").set(numbers.head).where("id", "=", 1).execute();
  await setSequence(transaction, "counter_generation", numbers.generation);
  await setSequence(transaction, "counter_wish", numbers.wish);
  for (const table of ["inbox", "acts"] as const) {
    const { rows } = await sql<{ readonly sequence: string }>`
      select pg_get_serial_sequence(${table}, 'seq') as sequence`.execute(transaction);
    await setSequence(transaction, rows[0]?.sequence ?? "", numbers[table]);
  }
}

/** A sequence that gave nothing yet begins with 1. */
const setSequence = (transaction: Db, sequence: string, given: number): Promise<unknown> =>
  sql`select setval(${sequence}::regclass, ${Math.max(given, 1)}::bigint, ${given > 0}::boolean)`.execute(
    transaction,
  );

/** What stands here cannot be what was moved: the next run begins anew. */
export const distrust = (transaction: Db, source: Source): Promise<void> =>
  setMark(transaction, { source: source.path, state: "" });

export const finish = async (transaction: Db): Promise<void> =>
  void (await sql`drop table ${sql.table(moveTable)}`.execute(transaction));
