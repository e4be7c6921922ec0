import { sql } from "kysely";
import { GatehouseError } from "#core/model/errors.ts";
import type { DialectSql } from "../store/dialect-sql.ts";
import { announceRows } from "./wake.ts";

/** Counters are sequences: a table's row would make everybody who counts wait for everybody else. */
const sequence = (name: string): string => `counter_${name}`;

/** Over PostgreSQL, where several processes write at once: rows are locked one by one. */
export const postgresSql: DialectSql = {
  isShared: true,

  hasTable: async (db, name) => {
    const { rows } = await sql<{ readonly there: boolean }>`
      select to_regclass(${name}) is not null as there`.execute(db);
    return rows[0]?.there === true;
  },

  createCounters: async (db, names) => {
    for (const name of names) await sql`create sequence ${sql.ref(sequence(name))}`.execute(db);
  },

  advance: async (transaction, name, by) => {
    const { rows } = await sql<{ readonly last: number | null }>`
      select max(value) as last from (
        select nextval(${sequence(name)}::regclass) as value from generate_series(1, ${by}::int)
      ) as counted`.execute(transaction);
    const last = rows[0]?.last ?? null;
    if (last === null)
      throw new GatehouseError("invalid", `The counter "${name}" was not advanced.`);
    return last;
  },

  forbidChanges: async (db, table, triggers, because) => {
    const refuse = sql.ref(`refuse_change_of_${table}`);
    await sql`create function ${refuse}() returns trigger language plpgsql as ${sql.lit(
      `begin raise exception '${because}'; end`,
    )}`.execute(db);
    for (const [events, trigger, each] of [
      ["update", triggers.update, "row"],
      ["delete", triggers.delete, "row"],
      ["truncate", `${triggers.delete}_whole`, "statement"],
    ] as const)
      await sql`create trigger ${sql.ref(trigger)} before ${sql.raw(events)} on ${sql.ref(table)} for each ${sql.raw(each)} execute function ${refuse}()`.execute(
        db,
      );
  },

  oneAtATime: async (transaction, key) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(transaction);
  },

  takeable: async (transaction, rows, now, limit) => {
    if (rows.length === 0) return [];
    const wanted = rows.map((row) => row.key);
    const free = await transaction
      .selectFrom("queue")
      .selectAll()
      .where("key", "in", wanted)
      .where("due_at", "<=", now)
      .forUpdate()
      .skipLocked()
      .execute();
    const byKey = new Map(free.map((row) => [row.key, row]));
    return wanted
      .map((key) => byKey.get(key))
      .filter((row) => row !== undefined)
      .slice(0, limit);
  },

  announce: announceRows,

  textIn: (column, key) => sql<string>`(${sql.ref(column)}::jsonb ->> ${key}::text)`,
  numberIn: (column, key) =>
    sql<number | null>`(${sql.ref(column)}::jsonb ->> ${key}::text)::bigint`,

  fillRoom: async (transaction, bytes) => {
    await sql`insert into kept_values (key, value)
      select 'room', string_agg(md5(random()::text), '') from generate_series(1, ${Math.ceil(bytes / 32)}::int)
      on conflict (key) do update set value = excluded.value`.execute(transaction);
  },
};
