import type { Kysely, Migration } from "kysely";

/**
 * Which base a stack gives a pull request and when that was told; who pushed what, as webhooks told it (of forks
 * GitHub tells nobody later); merge groups that are queued, with their pull requests.
 */
export const stacksAndPushes: Migration = {
  up: async (db: Kysely<unknown>) => {
    const add = (): ReturnType<typeof db.schema.alterTable> =>
      db.schema.alterTable("pull_requests");
    await add().addColumn("direct_base_ref", "text").execute();
    await add().addColumn("stack_as_of", "bigint").execute();
    await db.schema
      .createTable("pushes")
      .addColumn("repository", "bigint", (c) => c.notNull())
      .addColumn("ref", "text", (c) => c.notNull())
      .addColumn("before_sha", "text", (c) => c.notNull())
      .addColumn("after_sha", "text", (c) => c.notNull())
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("actor_id", "bigint", (c) => c.notNull())
      .addColumn("actor_login", "text", (c) => c.notNull())
      .addColumn("actor_type", "text", (c) => c.notNull())
      .addColumn("at", "bigint", (c) => c.notNull())
      .addPrimaryKeyConstraint("pushes_key", [
        "repository",
        "ref",
        "before_sha",
        "after_sha",
        "actor_id",
      ])
      .execute();
    await db.schema
      .createTable("merge_groups")
      .addColumn("repository", "bigint", (c) => c.notNull())
      .addColumn("head_sha", "text", (c) => c.notNull())
      .addColumn("head_ref", "text", (c) => c.notNull())
      .addColumn("base_ref", "text", (c) => c.notNull())
      .addColumn("members", "text")
      .addPrimaryKeyConstraint("merge_groups_key", ["repository", "head_sha"])
      .execute();
  },
};
