import type { Selectable } from "kysely";
import type { PullRequestRow, Records } from "../../core/ports.ts";
import type { Db, PullRequestTable } from "./tables.ts";
import type { Database } from "./writer.ts";

type PullRequestRecords = Pick<
  Records,
  | "savePullRequest"
  | "pullRequest"
  | "openPullRequests"
  | "openPullRequestsWithHead"
  | "openPullRequestsOfInstallation"
>;

/** Our own index from a commit to the pull requests it heads: GitHub's knows no forks. */
export function createPullRequestRecords(db: Database): PullRequestRecords {
  return {
    savePullRequest: ({ repository, number, headSha, headRef, baseRef, state }) =>
      db.write(async (transaction) => {
        const columns = { head_sha: headSha, head_ref: headRef, base_ref: baseRef, state };
        const known = await find(transaction, repository, number);
        // Every judgement tells what it saw, which is mostly what is known: then nothing goes to the disk.
        if (
          known !== undefined &&
          known.head_sha === headSha &&
          known.head_ref === headRef &&
          known.base_ref === baseRef &&
          known.state === state
        )
          return;
        await transaction
          .insertInto("pull_requests")
          .values({ repository, number, ...columns })
          .onConflict((conflict) => conflict.columns(["repository", "number"]).doUpdateSet(columns))
          .execute();
      }),

    pullRequest: async (repository, number) => {
      const row = await find(db.read, repository, number);
      return row === undefined ? null : rowOf(row);
    },

    openPullRequests: async (repository) => {
      const rows = await db.read
        .selectFrom("pull_requests")
        .selectAll()
        .where("repository", "=", repository)
        .where("state", "=", "open")
        .orderBy("number")
        .execute();
      return rows.map(rowOf);
    },

    openPullRequestsOfInstallation: async (installationId) => {
      const rows = await db.read
        .selectFrom("pull_requests")
        .selectAll()
        .where("state", "=", "open")
        .where("repository", "in", (query) =>
          query
            .selectFrom("repositories")
            .select("id")
            .where("active", "=", 1)
            .where("installation_id", "=", installationId),
        )
        .orderBy("repository")
        .orderBy("number")
        .execute();
      return rows.map(rowOf);
    },

    openPullRequestsWithHead: async (repository, headSha) => {
      const rows = await db.read
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

const find = (
  db: Db,
  repository: number,
  number: number,
): Promise<Selectable<PullRequestTable> | undefined> =>
  db
    .selectFrom("pull_requests")
    .selectAll()
    .where("repository", "=", repository)
    .where("number", "=", number)
    .executeTakeFirst();

const rowOf = (row: Selectable<PullRequestTable>): PullRequestRow => ({
  repository: row.repository,
  number: row.number,
  headSha: row.head_sha,
  headRef: row.head_ref,
  baseRef: row.base_ref,
  state: row.state,
});
