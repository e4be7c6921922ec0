import { type Kysely, type Migration, sql } from "kysely";
import { sqlOf } from "../dialect-sql.ts";

/** Deliveries received and subjects to be judged. */
export const work: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable("inbox")
      .addColumn("seq", "integer", (c) => c.primaryKey().autoIncrement())
      .addColumn("guid", "text", (c) => c.notNull().unique())
      .addColumn("event", "text", (c) => c.notNull())
      .addColumn("body_hash", "text", (c) => c.notNull().unique())
      .addColumn("body", "text")
      .addColumn("received_at", "bigint", (c) => c.notNull())
      .addColumn("state", "text", (c) => c.notNull())
      .addColumn("settled_at", "bigint")
      .addColumn("reason", "text")
      .execute();
    await db.schema
      .createIndex("inbox_line")
      .on("inbox")
      .columns(["state", "received_at", "seq"])
      .execute();

    await db.schema
      .createTable("queue")
      .addColumn("key", "text", (c) => c.primaryKey())
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("payload", "text", (c) => c.notNull())
      .addColumn("share", "text", (c) => c.notNull())
      .addColumn("priority", "integer", (c) => c.notNull())
      .addColumn("state", "text", (c) => c.notNull())
      .addColumn("due_at", "bigint")
      .addColumn("firm_at", "bigint")
      .addColumn("settling_at", "bigint")
      .addColumn("settling_since", "bigint")
      .addColumn("settling_last", "bigint")
      .addColumn("attempts", "integer", (c) => c.notNull())
      .addColumn("error", "text")
      .addColumn("owner", "text")
      .addColumn("generation", "bigint", (c) => c.notNull())
      .execute();
    await db.schema
      .createIndex("queue_turn")
      .on("queue")
      .columns(["share", "priority", "due_at"])
      .execute();
    await db.schema.createIndex("queue_due").on("queue").column("due_at").execute();
    await db.schema.createIndex("queue_state").on("queue").columns(["state", "due_at"]).execute();

    // Fencing generations rise across all rows, so that a row deleted and made again never repeats one.
    await db.schema
      .createTable("counters")
      .addColumn("name", "text", (c) => c.primaryKey())
      .addColumn("value", "bigint", (c) => c.notNull())
      .execute();
    await sql`insert into counters (name, value) values ('generation', 0), ('wish', 0)`.execute(db);
    await sqlOf(db).createCounters(db, ["generation", "wish"]);
  },
};
