import type { Kysely, Migration } from "kysely";

/** Whom commits of each pull request named, at whatever head. */
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
  },
};
