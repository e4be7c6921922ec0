import type { Selectable } from "kysely";
import type { PullRequestRow, Records } from "../../core/ports.ts";
import type { Db, PullRequestTable } from "./tables.ts";

type PullRequestRecords = Pick<Records, "savePullRequest" | "pullRequest" | "openPullRequests" | "openPullRequestsWithHead">;

/** Our own index from a commit to the pull requests it heads: GitHub's knows no forks. */
export function createPullRequestRecords(db: Db): PullRequestRecords {
  return {
    savePullRequest: async ({ repository, number, headSha, headRef, baseRef, state }) => {
      const columns = { head_sha: headSha, head_ref: headRef, base_ref: baseRef, state };
      await db
        .insertInto("pull_requests")
        .values({ repository, number, ...columns })
        .onConflict((conflict) => conflict.columns(["repository", "number"]).doUpdateSet(columns))
        .execute();
    },

    pullRequest: async (repository, number) => {
      const row = await db.selectFrom("pull_requests").selectAll().where("repository", "=", repository).where("number", "=", number).executeTakeFirst();
      return row === undefined ? null : rowOf(row);
    },

    openPullRequests: async (repository) => {
      const rows = await db
        .selectFrom("pull_requests")
        .selectAll()
        .where("repository", "=", repository)
        .where("state", "=", "open")
        .orderBy("number")
        .execute();
      return rows.map(rowOf);
    },

    openPullRequestsWithHead: async (repository, headSha) => {
      const rows = await db
        .selectFrom("pull_requests")
        .selectAll()
        .where("repository", "=", repository)
        .where("state", "=", "open")
        .where("head_sha", "=", headSha)
        .orderBy("number")
        .execute();
      return rows.map(rowOf);
    },
  };
}

const rowOf = (row: Selectable<PullRequestTable>): PullRequestRow => ({
  repository: row.repository,
  number: row.number,
  headSha: row.head_sha,
  headRef: row.head_ref,
  baseRef: row.base_ref,
  state: row.state,
});
