import { type Kysely, type Migration, sql } from "kysely";

/** Since when a repository has been public, so that what was recorded before is not shown to everybody. */
export const publicSince: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.alterTable("repositories").addColumn("public_since", "bigint").execute();
    // Nobody noted it before: what was recorded until the last time it was seen may be of a private time.
    await sql`update repositories set public_since = saved_at where private = 0`.execute(db);
  },
};
