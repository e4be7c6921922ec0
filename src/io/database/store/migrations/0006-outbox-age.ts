import type { Kysely, Migration } from "kysely";

/** When an effect was settled (sent or dropped), so that old ones can be forgotten. */
export const outboxAge: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .alterTable("outbox")
      .addColumn("settled_at", "bigint", (c) => c.notNull().defaultTo(0))
      .execute();
    await db.schema
      .createIndex("outbox_settled")
      .on("outbox")
      .columns(["pending", "settled_at"])
      .execute();
  },
};
