import { sql } from "kysely";
import { GatehouseError } from "#core/model/errors.ts";
import type { DialectSql } from "./dialect-sql.ts";

const nothing = (): Promise<void> => Promise.resolve();

/** Over libsql: a transaction owns the one write lock from its start, so nothing in it has to be locked again. */
export const libsqlSql: DialectSql = {
  isShared: false,

  hasTable: async (db, name) => {
    const { rows } = await sql`
      select name from sqlite_master where type = 'table' and name = ${name}`.execute(db);
    return rows.length > 0;
  },

  createCounters: nothing,

  advance: async (transaction, name, by) => {
    const row = await transaction
      .updateTable("counters")
      .set((column) => ({ value: column("value", "+", by) }))
      .where("name", "=", name)
      .returning("value")
      .executeTakeFirst();
    if (row === undefined)
      throw new GatehouseError(
        "invalid",
        `The database has no counter "${name}": its migrations were not run.`,
      );
    return row.value;
  },

  forbidChanges: async (db, table, triggers, because) => {
    for (const [event, trigger] of [
      ["update", triggers.update],
      ["delete", triggers.delete],
    ] as const)
      await sql`create trigger ${sql.raw(trigger)} before ${sql.raw(event)} on ${sql.raw(table)} begin select raise(abort, ${sql.lit(because)}); end`.execute(
        db,
      );
  },

  oneAtATime: nothing,
  takeable: (_transaction, rows, _now, limit) => Promise.resolve(rows.slice(0, limit)),
  announce: nothing,

  textIn: (column, key) => sql<string>`json_extract(${sql.ref(column)}, ${`$.${key}`})`,
  numberIn: (column, key) => sql<number | null>`json_extract(${sql.ref(column)}, ${`$.${key}`})`,

  fillRoom: async (transaction, bytes) => {
    // Random: SQLite writes no page that stays as it is.
    await sql`insert into kept_values (key, value) values ('room', hex(randomblob(${bytes / 2})))
      on conflict (key) do update set value = excluded.value`.execute(transaction);
  },
};
