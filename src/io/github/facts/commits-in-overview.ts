import { z } from "zod";
import type { CommitFact } from "#core/facts/pull-request.ts";
import { connection, part } from "../client/connection.ts";
import type { Overview } from "./overview.ts";
import { fromGraphqlCommit, graphqlCommit } from "./parse-commits.ts";

/** A page of a pull request's commits, as GraphQL shows them. */
export const commitsPage = connection(z.object({ commit: graphqlCommit }));

/** What the overview shows of them: perhaps a part. */
export function commitsInOverview(overview: Overview): {
  readonly commits: readonly CommitFact[];
  readonly complete: boolean;
} {
  const first = part(commitsPage, overview.pullRequest?.["commits"]);
  if (first === null) return { commits: [], complete: false };
  const commits = first.nodes.map(({ commit }) => fromGraphqlCommit(commit));
  return { commits, complete: commits.length === first.totalCount };
}
