import type { Kysely, Migration } from "kysely";

/** Decisions, pushes and tokens by their age, so that old ones are found piece by piece; repositories by their short name. */
export const agesAndNames: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.createIndex("decisions_age").on("decisions").column("at").execute();
    await db.schema.createIndex("pushes_age").on("pushes").column("at").execute();
    await db.schema
      .createIndex("api_tokens_expiry")
      .on("api_tokens")
      .column("expires_at")
      .execute();
    await db.schema
      .createIndex("repositories_short_name")
      .on("repositories")
      .column("name")
      .execute();
  },
};
