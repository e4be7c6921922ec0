import type { Kysely, Migration } from "kysely";

/** When something was said, by GitHub's clock, and its number among comments: what is heard late takes its place. */
export const orderOfWords: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.alterTable("acts").addColumn("said_at", "bigint").execute();
    await db.schema.alterTable("acts").addColumn("said_number", "bigint").execute();
  },
};
