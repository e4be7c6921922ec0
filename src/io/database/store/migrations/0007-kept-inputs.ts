import type { Kysely, Migration } from "kysely";

/** What decisions were made of, each piece once, so that a decision can be made again from its record. */
export const keptInputs: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable("kept_inputs")
      .addColumn("digest", "text", (c) => c.primaryKey())
      .addColumn("packed", "blob", (c) => c.notNull())
      .addColumn("used_at", "bigint", (c) => c.notNull())
      .execute();
    await db.schema
      .createIndex("kept_inputs_used")
      .on("kept_inputs")
      .columns(["used_at"])
      .execute();
  },
};
