import type { Kysely, Migration } from "kysely";

/** Effects wished and what of them is known to have reached GitHub. */
export const outbox: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable("outbox")
      .addColumn("key", "text", (c) => c.primaryKey())
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("effect", "text", (c) => c.notNull())
      .addColumn("hash", "text", (c) => c.notNull())
      .addColumn("pending", "integer", (c) => c.notNull())
      .addColumn("wished", "bigint", (c) => c.notNull())
      .addColumn("remote_id", "bigint")
      .addColumn("maybe_sent", "integer", (c) => c.notNull())
      .addColumn("annotations_sent", "integer", (c) => c.notNull())
      .addColumn("sent_hash", "text")
      .addColumn("attempts", "integer", (c) => c.notNull())
      .addColumn("failed_at", "bigint")
      .addColumn("error", "text")
      .execute();
    await db.schema
      .createIndex("outbox_pending")
      .on("outbox")
      .columns(["pending", "attempts", "wished"])
      .execute();
  },
};
