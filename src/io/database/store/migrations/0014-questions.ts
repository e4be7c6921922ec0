import type { Kysely, Migration } from "kysely";

/** What deployers outside Actions' environments ask stands among the deployments. */
export const questions: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.alterTable("deployments").addColumn("question", "text").execute();
  },
};
