import { z } from "zod";
import type {
  CommentSeen,
  IssueSeen,
  MergedPullRequest,
  PullRequestOfCommit,
  PullRequestSeen,
} from "#core/ports/github.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { RequiredCheck } from "#core/model/required-check.ts";
import { fromRestUser, restUser } from "../facts/person.ts";
import { instant } from "../facts/instant.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import { orAbsent } from "../client/or-absent.ts";
import { eachPage, everyPage } from "../client/pages.ts";
import { asApp, asRepository } from "../client/requests.ts";
import { basesOf, stackShape } from "./stack.ts";

const names = (
  repository: RepositoryRecord,
): { readonly owner: string; readonly repo: string } => ({
  owner: repository.owner,
  repo: repository.name,
});
const instantOrNull = instant.nullish().transform((at) => at ?? null);
const numberAtEnd = z.string().transform((url, context) => {
  const found = /\/(\d{1,12})$/.exec(url)?.[1];
  if (found !== undefined) return Number(found);
  context.addIssue({ code: "custom", message: "names no issue" });
  return z.NEVER;
});

const comment = z.object({
  body: z.string().nullish(),
  user: restUser,
  created_at: instant,
  updated_at: instant,
  issue_url: numberAtEnd,
  performed_via_github_app: z.object({ id: z.number() }).nullish(),
});

/** A comment as it stands now; null where it was deleted. */
export async function readComment(
  github: GitHub,
  repository: RepositoryRecord,
  id: number,
): Promise<CommentSeen | null> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/issues/comments/{comment_id}", {
    ...names(repository),
    comment_id: id,
  });
  const answer = await orAbsent(github.rest(asRepository(repository), request, comment));
  if (answer === null) return null;
  const { data } = answer;
  return {
    body: data.body ?? "",
    author: fromRestUser(data.user),
    createdAt: data.created_at,
    updatedAt: data.updated_at,
    issue: data.issue_url,
    viaApp: data.performed_via_github_app !== null && data.performed_via_github_app !== undefined,
  };
}

const review = z.object({
  body: z.string().nullish(),
  user: restUser,
  submitted_at: instant,
  performed_via_github_app: z.object({ id: z.number() }).nullish(),
});

/** A submitted review as something that was written; null where it is not there any more. */
export async function readReview(
  github: GitHub,
  repository: RepositoryRecord,
  number: number,
  id: number,
): Promise<CommentSeen | null> {
  const request = github.endpoint(
    "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}",
    { ...names(repository), pull_number: number, review_id: id },
  );
  const answer = await orAbsent(github.rest(asRepository(repository), request, review));
  if (answer === null) return null;
  const { data } = answer;
  return {
    body: data.body ?? "",
    author: fromRestUser(data.user),
    createdAt: data.submitted_at,
    updatedAt: data.submitted_at,
    issue: number,
    viaApp: data.performed_via_github_app !== null && data.performed_via_github_app !== undefined,
  };
}

const issue = z.object({
  number: z.number(),
  state: z.enum(["open", "closed"]),
  state_reason: z.string().nullish(),
  closed_by: restUser,
  closed_at: instantOrNull,
});

const closing = z.object({
  event: z.literal("closed"),
  performed_via_github_app: z.object({ id: z.number() }).nullish(),
});

/** Whether an App closed it in somebody's name, by its last line about that: the issue itself does not say. */
async function isClosedByApp(
  github: GitHub,
  repository: RepositoryRecord,
  number: number,
): Promise<boolean> {
  const rows = await everyPage(
    github,
    asRepository(repository),
    github.endpoint("GET /repos/{owner}/{repo}/issues/{issue_number}/events", {
      ...names(repository),
      issue_number: number,
      per_page: 100,
    }),
    z.array(z.looseObject({ event: z.string().optional() })),
    20,
  );
  const last = rows.findLast(({ event }) => event === "closed");
  const read = closing.safeParse(last);
  return read.success && (read.data.performed_via_github_app ?? null) !== null;
}

/** An issue as it stands now; null where it is not there (any more). */
export async function readIssue(
  github: GitHub,
  repository: RepositoryRecord,
  number: number,
): Promise<IssueSeen | null> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/issues/{issue_number}", {
    ...names(repository),
    issue_number: number,
  });
  const answer = await orAbsent(github.rest(asRepository(repository), request, issue));
  if (answer === null) return null;
  const isByApp =
    answer.data.state === "closed" && (await isClosedByApp(github, repository, number));
  return {
    state: answer.data.state,
    closedBy: isByApp ? null : fromRestUser(answer.data.closed_by),
    closedAt: answer.data.closed_at,
    stateReason: answer.data.state_reason ?? null,
  };
}

const pull = z.object({
  number: z.number(),
  state: z.enum(["open", "closed"]),
  user: restUser,
  merged: z.boolean().nullish(),
  merged_at: instantOrNull,
  merged_by: restUser,
  merge_commit_sha: z.string().nullish(),
  head: z.object({ sha: z.string() }),
  base: z.object({ ref: z.string(), repo: z.object({ id: z.number() }).nullish() }),
  stack: stackShape,
});

/** A pull request with what became of it. `mergeSha` only once it is merged: before, GitHub names a test merge there. */
export async function readPullRequest(
  github: GitHub,
  repository: RepositoryRecord,
  number: number,
): Promise<PullRequestSeen | null> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
    ...names(repository),
    pull_number: number,
  });
  const answer = await orAbsent(github.rest(asRepository(repository), request, pull));
  if (answer === null) return null;
  const { data } = answer;
  if (
    data.base.repo !== null &&
    data.base.repo !== undefined &&
    data.base.repo.id !== repository.id
  )
    throw new GitHubError(
      "stale",
      `${repository.owner}/${repository.name} is another repository now`,
    );
  const isMerged = data.merged ?? data.merged_at !== null;
  return {
    state: isMerged ? "merged" : data.state,
    author: fromRestUser(data.user),
    headSha: data.head.sha,
    baseRef: basesOf(data.base.ref, data.stack).baseRef,
    mergeSha: isMerged ? (data.merge_commit_sha ?? null) : null,
    mergedBy: isMerged ? fromRestUser(data.merged_by) : null,
    mergedAt: data.merged_at,
  };
}

const listed = z.object({
  number: z.number(),
  title: z.string(),
  merged_at: instantOrNull,
  head: z.object({ sha: z.string() }),
  base: z.object({ ref: z.string() }),
});

/** The pull requests merged last, newest first: among those updated last, for GitHub has no list by merge. */
export async function readRecentlyMerged(
  github: GitHub,
  repository: RepositoryRecord,
  most: number,
): Promise<readonly MergedPullRequest[]> {
  const found: MergedPullRequest[] = [];
  if (most === 0) return found;
  const request = github.endpoint("GET /repos/{owner}/{repo}/pulls", {
    ...names(repository),
    state: "closed",
    sort: "updated",
    direction: "desc",
    per_page: 100,
  });
  let pages = 0;
  await eachPage(
    github,
    asRepository(repository),
    request,
    z.array(listed),
    (page) => {
      pages += 1;
      for (const row of page)
        if (row.merged_at !== null)
          found.push({
            number: row.number,
            title: row.title,
            headSha: row.head.sha,
            baseRef: row.base.ref,
            mergedAt: row.merged_at,
          });
      return page.length;
    },
    { maxPages: 11, until: () => found.length >= most || pages >= 10 },
  );
  return found.sort((a, b) => b.mergedAt - a.mergedAt).slice(0, most);
}

const brought = z.object({
  number: z.number(),
  merged_at: instantOrNull,
  merge_commit_sha: z.string().nullish(),
  head: z.object({ sha: z.string() }),
  base: z.object({ ref: z.string() }),
  stack: stackShape,
});

/** Pull requests that a commit belongs to, newest first. */
export async function readPullRequestsOfCommit(
  github: GitHub,
  repository: RepositoryRecord,
  sha: string,
): Promise<readonly PullRequestOfCommit[]> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", {
    ...names(repository),
    commit_sha: sha,
    per_page: 100,
  });
  const answer = await orAbsent(github.rest(asRepository(repository), request, z.array(brought)));
  return (answer?.data ?? [])
    .map((row) => ({
      number: row.number,
      headSha: row.head.sha,
      baseRef: basesOf(row.base.ref, row.stack).baseRef,
      mergeSha: row.merged_at === null ? null : (row.merge_commit_sha ?? null),
    }))
    .sort((a, b) => b.number - a.number);
}

const rule = z.looseObject({ type: z.string() });
const required = z.object({
  type: z.literal("required_status_checks"),
  parameters: z.object({
    required_status_checks: z.array(
      z.object({ context: z.string(), integration_id: z.number().nullish() }),
    ),
  }),
});
const branch = z.object({
  protection: z
    .object({
      required_status_checks: z
        .object({
          checks: z
            .array(z.object({ context: z.string(), app_id: z.number().nullish() }))
            .nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

/** Checks that a branch requires, by its rulesets and by its classic protection; `app` null: anybody's check of that name will do. */
export async function readRequiredChecks(
  github: GitHub,
  repository: RepositoryRecord,
  name: string,
): Promise<readonly RequiredCheck[]> {
  const rules = await everyPage(
    github,
    asRepository(repository),
    github.endpoint("GET /repos/{owner}/{repo}/rules/branches/{branch}", {
      ...names(repository),
      branch: name,
      per_page: 100,
    }),
    z.array(rule),
    20,
  );
  const classic = await orAbsent(
    github.rest(
      asRepository(repository),
      github.endpoint("GET /repos/{owner}/{repo}/branches/{branch}", {
        ...names(repository),
        branch: name,
      }),
      branch,
    ),
  );
  const byRules = rules.flatMap((row) => {
    const read = required.safeParse(row);
    return read.success
      ? read.data.parameters.required_status_checks.map(({ context, integration_id }) => ({
          context,
          app: integration_id ?? null,
        }))
      : [];
  });
  const byBranch = (classic?.data.protection?.required_status_checks?.checks ?? []).map(
    ({ context, app_id }) => ({ context, app: app_id ?? null }),
  );
  return [...byRules, ...byBranch];
}

/** The App's own name in mentions. */
export async function readAppSlug(github: GitHub): Promise<string> {
  return (await github.rest(asApp, github.endpoint("GET /app"), z.object({ slug: z.string() })))
    .data.slug;
}
