import type { Kysely, Migration } from "kysely";

/** What reports need and no other table keeps. */
export const measurements: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable("measurements")
      .addColumn("repository", "bigint", (c) => c.notNull())
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("key", "text", (c) => c.notNull())
      .addColumn("at", "bigint", (c) => c.notNull())
      .addColumn("detail", "text", (c) => c.notNull())
      .addPrimaryKeyConstraint("measurements_key", ["repository", "kind", "key"])
      .execute();
    await db.schema.createIndex("measurements_age").on("measurements").column("at").execute();
  },
};
