import { sameEnvironment } from "#core/deployments/environment.ts";
import type { Selectable } from "kysely";
import type { Act } from "#core/model/act.ts";
import { inCommentOrder } from "#core/model/comment-order.ts";
import type { Person } from "#core/model/actor.ts";
import { stoppingKinds, type StopsHeard } from "#core/model/terms.ts";
import type { Acts } from "#core/ports/acts.ts";
import { appendRecords } from "../audit/append.ts";
import { stored } from "./database.ts";
import type { ActTable } from "./tables/people.ts";
import type { Db } from "./tables.ts";
import type { Database } from "./writer.ts";

/** What people did with the gate. Append-only: the id makes a replay record nothing. */
export function createActs(db: Database): Acts {
  return {
    add: (act, audit = []) =>
      db.write(async (transaction) => {
        const result = await transaction
          .insertInto("acts")
          .values({
            id: act.id,
            kind: act.kind,
            repository: act.repository,
            pull_request: act.pullRequest,
            environment: act.environment,
            sha: act.sha,
            name: act.name,
            actor: JSON.stringify(act.actor),
            at: act.at,
            said_at: act.said?.at ?? null,
            said_number: act.said?.comment ?? null,
            expires_at: act.expiresAt,
            reason: act.reason,
            detail: JSON.stringify(act.detail),
          })
          .onConflict((conflict) => conflict.column("id").doNothing())
          .executeTakeFirst();
        const isNew = result.numInsertedOrUpdatedRows === 1n;
        if (isNew) await appendRecords(transaction, audit);
        return isNew;
      }),

    find: async (filter) => {
      if (filter.kinds?.length === 0) return [];
      let query = db.read.selectFrom("acts").selectAll();
      if (filter.repository !== undefined)
        query = query.where("repository", "=", filter.repository);
      if (filter.pullRequest !== undefined)
        query = query.where("pull_request", "=", filter.pullRequest);
      if (filter.sha !== undefined) query = query.where("sha", "=", filter.sha);
      if (filter.kinds !== undefined) query = query.where("kind", "in", filter.kinds);
      const { expiresAfter } = filter;
      if (expiresAfter !== undefined)
        query = query.where((where) =>
          where.or([where("expires_at", "is", null), where("expires_at", ">", expiresAfter)]),
        );
      if (filter.since !== undefined) query = query.where("at", ">=", filter.since);
      const rows = await query.orderBy("at").orderBy("seq").execute();
      const { environment } = filter;
      const heard = rows
        .filter(
          (row) =>
            environment === undefined ||
            (row.environment !== null && sameEnvironment(row.environment, environment)),
        )
        .map(actOf);
      return filter.asHeard === true ? heard : inCommentOrder(heard);
    },

    countStops: (of) => countStops(db.read, of),
  };
}

/** Counted instead of taking the highest number: over PostgreSQL a number may be assigned before its row is visible. */
export async function countStops(
  db: Db,
  { repository, pullRequests }: Omit<StopsHeard, "count">,
): Promise<number> {
  const ofRepository = db
    .selectFrom("acts")
    .select((column) => column.fn.countAll<number>().as("stops"))
    .where("repository", "=", repository)
    .where("kind", "in", stoppingKinds);
  const row = await (
    pullRequests === null ? ofRepository : ofRepository.where("pull_request", "in", pullRequests)
  ).executeTakeFirstOrThrow();
  return row.stops;
}

const actOf = (row: Selectable<ActTable>): Act => ({
  id: row.id,
  kind: row.kind,
  repository: row.repository,
  pullRequest: row.pull_request,
  environment: row.environment,
  sha: row.sha,
  name: row.name,
  actor: stored<Person>(row.actor),
  at: row.at,
  said: row.said_at === null ? null : { at: row.said_at, comment: row.said_number },
  expiresAt: row.expires_at,
  reason: row.reason,
  detail: stored<Act["detail"]>(row.detail),
});
