import type { Kysely, Migration } from "kysely";

/**
 * Who sends on a target, since when and what: one at a time over all processes, and a request that was cut off is known.
 * How often a piece of work failed for reasons of our own, or took its process with it.
 */
export const sendingAndFaults: Migration = {
  up: async (db: Kysely<unknown>) => {
    const add = (): ReturnType<typeof db.schema.alterTable> => db.schema.alterTable("outbox");
    await add()
      .addColumn("sending", "bigint", (c) => c.notNull().defaultTo(0))
      .execute();
    await add().addColumn("sending_by", "text").execute();
    await add().addColumn("sending_generation", "bigint").execute();
    await add().addColumn("sending_since", "bigint").execute();
    await add().addColumn("sending_hash", "text").execute();
    await db.schema
      .alterTable("queue")
      .addColumn("faults", "integer", (c) => c.notNull().defaultTo(0))
      .execute();
  },
};
