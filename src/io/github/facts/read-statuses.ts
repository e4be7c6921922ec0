import { z } from "zod";
import type { CheckFact } from "#core/facts/checks.ts";
import { GitHubError } from "../client/github-error.ts";
import { everyPage } from "../client/pages.ts";
import { asRepository } from "../client/requests.ts";
import type { ExpiringCache } from "./expiring-cache.ts";
import { fromRestStatus, restStatus, unnumbered } from "./parse-checks.ts";
import type { SubjectSource } from "./subject-source.ts";

type From = Pick<SubjectSource, "github" | "repository">;

/** GitHub takes a context in any case for the same. */
const contextOf = ({ name }: CheckFact): string => name.toLowerCase();

/** Every status that was ever set on the commit, newest first. */
async function listStatuses(
  { github, repository }: From,
  sha: string,
): Promise<readonly CheckFact[]> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/commits/{ref}/statuses", {
    owner: repository.owner,
    repo: repository.name,
    ref: sha,
    per_page: 100,
  });
  const rows = await everyPage(github, asRepository(repository), request, z.array(restStatus), 50);
  return rows.map(fromRestStatus);
}

function firstOfEach(
  statuses: readonly CheckFact[],
  key: (status: CheckFact) => string,
): readonly CheckFact[] {
  const first = new Map<string, CheckFact>();
  for (const status of statuses) if (!first.has(key(status))) first.set(key(status), status);
  return [...first.values()];
}

/** As GitHub's own summary shows them: of a context the newest, no matter who set it, and without numbers. */
export async function shownStatuses(from: From, sha: string): Promise<readonly CheckFact[]> {
  return firstOfEach(await listStatuses(from, sha), contextOf).map((status) => ({
    ...status,
    id: unnumbered,
  }));
}

/** Of accounts that are gone nobody knows whether they are one: each of their statuses stands for itself. */
const setBy = ({ creator, id }: CheckFact): string =>
  creator === undefined ? `gone ${id}` : String(creator.id);

/** Branch protection's wait for a context that nobody has reported: no status, and in no list. */
const isExpectation = ({ status }: CheckFact): boolean => status === "queued";

export type StatusReports = ExpiringCache<readonly CheckFact[]>;

/** What was set within the last minute may be followed by more that bears the same second. */
const settledAfterMs = 60_000;

/**
 * The newest status of each creator under each context. Statuses are only ever added, so while the summary shows the same
 * newest of every context, the list is the same too and need not be read again.
 */
export async function readStatusReports(
  from: From,
  sha: string,
  checks: readonly CheckFact[],
  cache: StatusReports,
  now: () => number,
): Promise<readonly CheckFact[]> {
  const shown = checks.filter(({ kind }) => kind === "status");
  const expected = shown.filter(isExpectation);
  const set = shown.filter((status) => !isExpectation(status));
  if (set.length === 0) return expected;
  const summary = set.map((status) =>
    [contextOf(status), setBy(status), status.startedAt, status.conclusion].join(" "),
  );
  const { installationId, id } = from.repository;
  const key = `${installationId}:${id}:${sha}:${JSON.stringify(summary.sort())}`;
  const reports = await cache.get(key, () => readEach(from, sha, set));
  if (set.some(({ startedAt }) => startedAt > now() - settledAfterMs))
    cache.drop((one) => one === key);
  return [...reports, ...expected];
}

async function readEach(
  from: From,
  sha: string,
  shown: readonly CheckFact[],
): Promise<readonly CheckFact[]> {
  const list = await listStatuses(from, sha);
  // A list that lags behind the summary may lack a red as well.
  const lacking = shown.find(
    (one) =>
      !list.some(
        (status) => contextOf(status) === contextOf(one) && status.startedAt >= one.startedAt,
      ),
  );
  if (lacking !== undefined)
    throw new GitHubError(
      "unavailable",
      `GitHub's list of the commit's statuses does not show the newest ${lacking.name} yet`,
    );
  return firstOfEach(list, (status) => `${setBy(status)} ${contextOf(status)}`);
}
