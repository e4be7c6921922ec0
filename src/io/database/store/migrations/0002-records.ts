import type { Kysely, Migration } from "kysely";

/** What is remembered of repositories, pull requests, policies and decisions. */
export const records: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable("repositories")
      .addColumn("id", "bigint", (c) => c.primaryKey())
      .addColumn("installation_id", "bigint", (c) => c.notNull())
      .addColumn("owner", "text", (c) => c.notNull())
      .addColumn("owner_id", "bigint", (c) => c.notNull())
      .addColumn("owner_type", "text", (c) => c.notNull())
      .addColumn("name", "text", (c) => c.notNull())
      .addColumn("full_name", "text", (c) => c.notNull())
      .addColumn("private", "integer", (c) => c.notNull())
      .addColumn("archived", "integer", (c) => c.notNull())
      .addColumn("default_branch", "text", (c) => c.notNull())
      .addColumn("active", "integer", (c) => c.notNull())
      .addColumn("saved_at", "bigint", (c) => c.notNull())
      .execute();
    await db.schema
      .createIndex("repositories_name")
      .on("repositories")
      .column("full_name")
      .execute();
    await db.schema
      .createIndex("repositories_installation")
      .on("repositories")
      .column("installation_id")
      .execute();

    await db.schema
      .createTable("pull_requests")
      .addColumn("repository", "bigint", (c) => c.notNull())
      .addColumn("number", "integer", (c) => c.notNull())
      .addColumn("head_sha", "text", (c) => c.notNull())
      .addColumn("head_ref", "text", (c) => c.notNull())
      .addColumn("base_ref", "text", (c) => c.notNull())
      .addColumn("state", "text", (c) => c.notNull())
      .addPrimaryKeyConstraint("pull_requests_key", ["repository", "number"])
      .execute();
    await db.schema
      .createIndex("pull_requests_open")
      .on("pull_requests")
      .columns(["repository", "state", "head_sha"])
      .execute();

    await db.schema
      .createTable("policies")
      .addColumn("repository", "bigint", (c) => c.primaryKey())
      .addColumn("blob_sha", "text")
      .addColumn("text", "text")
      .addColumn("last_good_blob_sha", "text")
      .addColumn("last_good_text", "text")
      .addColumn("binding", "integer", (c) => c.notNull())
      .addColumn("obstacle", "text")
      .addColumn("checked_at", "bigint", (c) => c.notNull())
      .execute();

    await db.schema
      .createTable("decisions")
      .addColumn("subject_key", "text", (c) => c.notNull())
      .addColumn("number", "integer", (c) => c.notNull())
      .addColumn("head_sha", "text", (c) => c.notNull())
      .addColumn("base_ref", "text", (c) => c.notNull())
      .addColumn("policy_digest", "text", (c) => c.notNull())
      .addColumn("decision", "text", (c) => c.notNull())
      .addColumn("at", "bigint", (c) => c.notNull())
      .addPrimaryKeyConstraint("decisions_key", ["subject_key", "number"])
      .execute();

    await db.schema
      .createTable("kept_values")
      .addColumn("key", "text", (c) => c.primaryKey())
      .addColumn("value", "text", (c) => c.notNull())
      .execute();
    await db.schema
      .createTable("claims")
      .addColumn("key", "text", (c) => c.primaryKey())
      .addColumn("at", "bigint", (c) => c.notNull())
      .execute();
  },
};
