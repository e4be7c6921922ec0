import type { Kysely, Migration } from "kysely";

/** Whose a calendar's address is goes by the account: a login may be somebody else's by the time it is fetched. */
export const makersOfTokens: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.alterTable("api_tokens").addColumn("created_by_id", "bigint").execute();
  },
};
