import type { Kysely, Migration } from "kysely";

/** Signed-in people, tokens, where subjects stand, and the order in which pages read the audit log. */
export const sessionsAndStates: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable("sessions")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("person", "text", (c) => c.notNull())
      .addColumn("sealed", "text", (c) => c.notNull())
      .addColumn("created_at", "bigint", (c) => c.notNull())
      .addColumn("expires_at", "bigint", (c) => c.notNull())
      .execute();
    await db.schema.createIndex("sessions_expiry").on("sessions").column("expires_at").execute();

    await db.schema
      .createTable("api_tokens")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("hash", "text", (c) => c.notNull().unique())
      .addColumn("purpose", "text", (c) => c.notNull())
      .addColumn("name", "text", (c) => c.notNull())
      .addColumn("repositories", "text", (c) => c.notNull())
      .addColumn("environments", "text", (c) => c.notNull())
      .addColumn("created_by", "text", (c) => c.notNull())
      .addColumn("created_at", "bigint", (c) => c.notNull())
      .addColumn("expires_at", "bigint", (c) => c.notNull())
      .addColumn("revoked_at", "bigint")
      .execute();

    await db.schema
      .createTable("subject_states")
      .addColumn("subject_key", "text", (c) => c.primaryKey())
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("repository", "bigint", (c) => c.notNull())
      .addColumn("number", "integer")
      .addColumn("deployment_id", "bigint")
      .addColumn("environment", "text")
      .addColumn("author", "text")
      .addColumn("head_sha", "text", (c) => c.notNull())
      .addColumn("answer", "text", (c) => c.notNull())
      .addColumn("passes", "integer", (c) => c.notNull())
      .addColumn("title", "text", (c) => c.notNull())
      .addColumn("unmet", "text", (c) => c.notNull())
      .addColumn("since", "bigint", (c) => c.notNull())
      .addColumn("at", "bigint", (c) => c.notNull())
      .addColumn("changes_at", "bigint")
      .addColumn("seq", "bigint", (c) => c.notNull())
      .execute();
    await db.schema
      .createIndex("subject_states_waiting")
      .on("subject_states")
      .columns(["passes", "since"])
      .execute();
    await db.schema
      .createIndex("subject_states_repository")
      .on("subject_states")
      .columns(["repository", "passes", "since"])
      .execute();

    await db.schema
      .createIndex("audit_log_subject")
      .on("audit_log")
      .columns(["subject", "seq"])
      .execute();
    await db.schema
      .createIndex("audit_log_repository")
      .on("audit_log")
      .columns(["repository", "seq"])
      .execute();
    await db.schema.createIndex("acts_of_kind").on("acts").columns(["kind", "at"]).execute();
  },
};
