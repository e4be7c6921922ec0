import type { Kysely, Migration } from "kysely";

/** Who said that a deployment ended: what was recorded before is taken for its deployer's word. */
export const toldOfEnds: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.alterTable("deployments").addColumn("told", "text").execute();
  },
};
