import { type Kysely, type Migration, sql } from "kysely";
import { sqlOf } from "../dialect-sql.ts";
import { genesisHash } from "#io/database/audit/chain.ts";

/** The append-only, hash-chained audit log and its head. */
export const audit: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable("audit_log")
      .addColumn("seq", "integer", (c) => c.primaryKey())
      .addColumn("at", "bigint", (c) => c.notNull())
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("repository", "bigint")
      .addColumn("subject", "text")
      .addColumn("actor", "text")
      .addColumn("detail", "text", (c) => c.notNull())
      .addColumn("hash", "text", (c) => c.notNull())
      .execute();
    // A second guard before the chain itself: an honest mistake is refused, a tamperer is found by `audit verify`.
    await sqlOf(db).forbidChanges(
      db,
      "audit_log",
      { update: "audit_log_keeps", delete: "audit_log_stays" },
      "the audit log is append-only",
    );

    // Kept apart from the log, so that records cut off its end are missed too.
    await db.schema
      .createTable("audit_head")
      .addColumn("id", "integer", (c) => c.primaryKey())
      .addColumn("seq", "integer", (c) => c.notNull())
      .addColumn("hash", "text", (c) => c.notNull())
      .execute();
    await sql`insert into audit_head (id, seq, hash) values (1, 0, ${sql.lit(genesisHash)})`.execute(
      db,
    );
  },
};
