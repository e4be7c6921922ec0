import type { Kysely, Migration } from "kysely";

/** Whom commits of each pull request named, at whatever head, and who pushed to it. */
export const contributors: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable("contributors")
      .addColumn("repository", "bigint", (c) => c.notNull())
      .addColumn("number", "bigint", (c) => c.notNull())
      .addColumn("commit_sha", "text", (c) => c.notNull())
      .addColumn("person_id", "bigint", (c) => c.notNull())
      .addColumn("person_login", "text", (c) => c.notNull())
      .addColumn("person_type", "text", (c) => c.notNull())
      .addColumn("head_sha", "text", (c) => c.notNull())
      .addColumn("within_base", "text")
      .addPrimaryKeyConstraint("contributors_key", [
        "repository",
        "number",
        "commit_sha",
        "person_id",
      ])
      .execute();
    await db.schema
      .createTable("pull_pushers")
      .addColumn("repository", "bigint", (c) => c.notNull())
      .addColumn("number", "bigint", (c) => c.notNull())
      .addColumn("base_ref", "text", (c) => c.notNull())
      .addColumn("person_id", "bigint", (c) => c.notNull())
      .addColumn("person_login", "text", (c) => c.notNull())
      .addColumn("person_type", "text", (c) => c.notNull())
      .addPrimaryKeyConstraint("pull_pushers_key", [
        "repository",
        "number",
        "base_ref",
        "person_id",
      ])
      .execute();
  },
};
