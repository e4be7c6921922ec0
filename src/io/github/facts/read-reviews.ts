import { z } from "zod";
import type { ReviewFact, ThreadsFact } from "#core/facts/reviews.ts";
import { GitHubError } from "../client/github-error.ts";
import { everyPage } from "../client/pages.ts";
import { asRepository } from "../client/requests.ts";
import { completed, connection, isUnusable, type Page, part } from "../client/connection.ts";
import { moreReviewsQuery, moreThreadsQuery } from "./overview-query.ts";
import { fromGraphqlReview, fromRestReview, graphqlReview, restReview } from "./parse-reviews.ts";
import { fromRestUser } from "./person.ts";
import type { PullSource } from "./subject-source.ts";

const reviewsPage = connection(graphqlReview);
const threadsPage = connection(z.object({ isResolved: z.boolean() }));

/** GitHub promises chronological order; a later review must never stand before an earlier one, so it is made sure. */
function oldestFirst(reviews: readonly ReviewFact[]): readonly ReviewFact[] {
  return [...reviews].sort((a, b) => a.submittedAt - b.submittedAt);
}

async function morePages<T>(
  source: PullSource,
  query: string,
  page: z.ZodType<Page<T>>,
  after: string | null,
): Promise<Page<T>> {
  const { github, repository, number } = source;
  const data = await github.graphql(asRepository(repository), {
    query,
    variables: { owner: repository.owner, name: repository.name, number, after },
    schema: z.object({ repository: z.object({ pullRequest: z.object({ list: page }) }) }),
  });
  return data.repository.pullRequest.list;
}

export async function readReviews(source: PullSource): Promise<readonly ReviewFact[]> {
  const overview = await source.overview();
  const shown = part(reviewsPage, overview?.pullRequest?.["reviews"]);
  if (shown === null) return oldestFirst(await restReviews(source));
  try {
    const reviews = await completed("the reviews", shown, (after) =>
      morePages(source, moreReviewsQuery, reviewsPage, after),
    );
    return oldestFirst(reviews.map(fromGraphqlReview));
  } catch (error) {
    if (isUnusable(error)) return oldestFirst(await restReviews(source));
    throw error;
  }
}

/** REST has no word on what a reviewer may do: each is asked for by their role, once. */
async function restReviews(source: PullSource): Promise<readonly ReviewFact[]> {
  const { github, repository, number } = source;
  const request = github.endpoint("GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews", {
    owner: repository.owner,
    repo: repository.name,
    pull_number: number,
    per_page: 100,
  });
  const rows = await everyPage(github, asRepository(repository), request, z.array(restReview), 50);
  const reviewers = new Map(
    rows.flatMap((row) => {
      const reviewer = fromRestUser(row.user);
      return reviewer === null ? [] : [[reviewer.id, reviewer] as const];
    }),
  );
  const rights = new Map(
    await Promise.all(
      [...reviewers].map(async ([id, person]) => [id, await source.canPush(person)] as const),
    ),
  );
  return rows.map((row) => fromRestReview(row, rights.get(row.user?.id ?? 0) ?? false));
}

/** Only GraphQL knows which threads are resolved. */
export async function readThreads(source: PullSource): Promise<ThreadsFact> {
  const overview = await source.overview();
  if (overview === null)
    throw new GitHubError(
      "unavailable",
      "the review threads are known to GraphQL only, and it does not answer",
    );
  const threads = await completed(
    "the review threads",
    part(threadsPage, overview.pullRequest?.["reviewThreads"]),
    (after) => morePages(source, moreThreadsQuery, threadsPage, after),
  );
  return {
    total: threads.length,
    unresolved: threads.filter((thread) => !thread.isResolved).length,
  };
}

const issuesShape = z.object({
  totalCount: z.number(),
  nodes: z.array(z.object({ number: z.number() })),
});

/** Only GraphQL knows which issues a pull request will close. */
export async function readLinkedIssues(source: PullSource): Promise<readonly number[]> {
  const overview = await source.overview();
  const issues = part(issuesShape, overview?.pullRequest?.["closingIssuesReferences"]);
  if (issues === null)
    throw new GitHubError(
      "unavailable",
      "the linked issues are known to GraphQL only, and it does not answer",
    );
  if (issues.nodes.length !== issues.totalCount)
    throw new GitHubError("incomplete", `${issues.totalCount} linked issues; at most 100 are read`);
  return issues.nodes.map((issue) => issue.number);
}
