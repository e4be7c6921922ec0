import type { Selectable } from "kysely";
import type { PullRequestRow } from "#core/ports/pull-request.ts";
import type { Records } from "#core/ports/records.ts";
import { sqlOf } from "./dialect-sql.ts";
import type { Db } from "./tables.ts";
import type { PullRequestTable } from "./tables/pull-requests.ts";
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
    savePullRequest: async (row) => {
      const { repository, number } = row;
      // Every judgement reports what it saw, which is mostly known already: then nothing is written.
      const seen = await find(db.read, repository, number);
      if (seen !== undefined && isSame(seen, columnsOf(row, seen))) return;
      await db.write(async (transaction) => {
        await sqlOf(transaction).oneAtATime(transaction, `pull request:${repository}:${number}`);
        const columns = columnsOf(row, await find(transaction, repository, number));
        await transaction
          .insertInto("pull_requests")
          .values({ repository, number, ...columns })
          .onConflict((conflict) => conflict.columns(["repository", "number"]).doUpdateSet(columns))
          .execute();
      });
    },

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

type Row = Selectable<PullRequestTable>;
type Columns = Omit<Row, "repository" | "number">;

const columnsOf = (row: PullRequestRow, known: Row | undefined): Columns => ({
  head_sha: row.headSha,
  head_ref: row.headRef,
  state: row.state,
  ...basesOf(row, known),
});

type Bases = Pick<Row, "base_ref" | "direct_base_ref" | "stack_as_of">;

/**
 * The bases to store: those of the row unless newer ones are known; a base that the row leaves out is kept while
 * its own base is the same.
 */
function basesOf(row: PullRequestRow, known: Row | undefined): Bases {
  const told: Bases = {
    base_ref: row.baseRef,
    direct_base_ref: row.directBaseRef ?? null,
    stack_as_of: row.stackTold?.asOf ?? null,
  };
  if (known === undefined || known.stack_as_of === null) return told;
  const keeps =
    row.stackTold === undefined
      ? (row.directBaseRef ?? row.baseRef) === (known.direct_base_ref ?? known.base_ref)
      : row.stackTold.asOf < Number(known.stack_as_of);
  return keeps
    ? {
        base_ref: known.base_ref,
        direct_base_ref: known.direct_base_ref,
        stack_as_of: known.stack_as_of,
      }
    : told;
}

function isSame(known: Row, columns: Columns): boolean {
  return (
    known.head_sha === columns.head_sha &&
    known.head_ref === columns.head_ref &&
    known.state === columns.state &&
    known.base_ref === columns.base_ref &&
    known.direct_base_ref === columns.direct_base_ref &&
    known.stack_as_of === columns.stack_as_of
  );
}

const find = (db: Db, repository: number, number: number): Promise<Row | undefined> =>
  db
    .selectFrom("pull_requests")
    .selectAll()
    .where("repository", "=", repository)
    .where("number", "=", number)
    .executeTakeFirst();

const rowOf = (row: Row): PullRequestRow => ({
  repository: row.repository,
  number: row.number,
  headSha: row.head_sha,
  headRef: row.head_ref,
  baseRef: row.base_ref,
  ...(row.direct_base_ref === null ? {} : { directBaseRef: row.direct_base_ref }),
  state: row.state,
  ...(row.stack_as_of === null ? {} : { stackTold: { asOf: Number(row.stack_as_of) } }),
});
