import type { Measurements } from "#core/ports/measurements.ts";
import { sql } from "kysely";
import { sqlOf } from "./dialect-sql.ts";
import { stored } from "./database.ts";
import { deleteFound } from "./prune.ts";
import type { Database } from "./writer.ts";

/** What reports need and no other table keeps. */
export function createMeasurements(db: Database): Measurements {
  const ofRepositories: Measurements["ofRepositories"] = async (repositories, kind) => {
    if (repositories.length === 0) return [];
    const rows = await db.read
      .selectFrom("measurements")
      .selectAll()
      .where("repository", "in", repositories)
      .where("kind", "=", kind)
      .orderBy("at")
      .orderBy("key")
      .execute();
    return rows.map((row) => ({ ...row, detail: stored<Record<string, unknown>>(row.detail) }));
  };
  return {
    note: ({ detail, ...columns }) =>
      db.write(async (transaction) => {
        const result = await transaction
          .insertInto("measurements")
          .values({ ...columns, detail: JSON.stringify(detail) })
          .onConflict((conflict) => conflict.columns(["repository", "kind", "key"]).doNothing())
          .executeTakeFirst();
        return result.numInsertedOrUpdatedRows === 1n;
      }),

    ofRepositories,

    checks: async ({ from, to }, repository) => {
      const { textIn, numberIn } = sqlOf(db.read);
      const took = numberIn("detail", "took");
      let query = db.read
        .selectFrom("measurements")
        .select([
          "repository",
          textIn("detail", "name").as("name"),
          sql<number>`count(*)`.as("rows"),
          sql<number>`cast(sum(${numberIn("detail", "failed")}) as bigint)`.as("failed"),
          sql<number>`count(${took})`.as("timed"),
          sql<number>`cast(coalesce(sum(${took}), 0) as bigint)`.as("tookMs"),
        ])
        .where("kind", "=", "check")
        .where("at", ">=", from)
        .where("at", "<", to);
      if (repository !== undefined) query = query.where("repository", "=", repository);
      // By their places: parameters make two expressions of one text.
      return query.groupBy(["repository", sql`2`]).execute();
    },

    prune: (before) =>
      deleteFound(
        db,
        (read, limit) =>
          read
            .selectFrom("measurements")
            .select(["repository", "kind", "key"])
            .where("at", "<", before)
            .limit(limit)
            .execute(),
        (transaction, keys) =>
          transaction
            .deleteFrom("measurements")
            .where((where) =>
              where.or(
                keys.map(({ repository, kind, key }) =>
                  where.and([
                    where("repository", "=", repository),
                    where("kind", "=", kind),
                    where("key", "=", key),
                  ]),
                ),
              ),
            )
            .executeTakeFirst(),
      ),
  };
}
