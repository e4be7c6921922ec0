import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseQueueRef } from "#io/github/read/merge-group.ts";
import { pullRow } from "#io/github/read/pull-request-rows.ts";
import {
  fromRestCheckRun,
  fromRestStatus,
  graphqlContext,
  restCheckRun,
  restStatus,
} from "#io/github/facts/parse-checks.ts";
import { fromRestCommit, restCommit } from "#io/github/facts/parse-commits.ts";
import { fromRestFile, restFile } from "#io/github/facts/parse-files.ts";
import { fromRestPull, graphqlPull, restPull } from "#io/github/facts/parse-pull.ts";
import {
  fromGraphqlReview,
  fromRestReview,
  graphqlReview,
  restReview,
} from "#io/github/facts/parse-reviews.ts";
import { fromRestUser, restUser } from "#io/github/facts/person.ts";
import { restRun } from "#io/github/facts/read-deployment.ts";
import { corpusText } from "./folder.ts";

const user = (id: number, login: string) => ({ id, login, type: "User" as const });
const pullOf = (raw: unknown) => fromRestPull(restPull.parse(raw));
const reviewsOf = (raw: unknown) =>
  z
    .array(restReview)
    .parse(raw)
    .map((review) => fromRestReview(review, false));
const commitOf = (raw: unknown) =>
  z
    .object({ files: z.array(restFile) })
    .and(restCommit)
    .parse(raw);
const at = (text: string): number => Date.parse(text);

/** Reads a file by its parser; the expectation is the normal form (in part, where the rest is said elsewhere). */
const recorded: readonly (readonly [
  file: string,
  read: (raw: unknown) => unknown,
  expected: unknown,
])[] = [
  [
    "pull-author-ghost",
    pullOf,
    {
      pullRequest: {
        number: 2,
        author: null,
        state: "closed",
        draft: false,
        baseRef: "main",
        headRepository: 423321524,
        fork: false,
        createdAt: at("2021-11-01T13:04:51Z"),
      },
      changedFiles: 1,
      commits: 1,
      labels: [],
    },
  ],
  [
    "pull-draft",
    pullOf,
    {
      pullRequest: {
        number: 321,
        author: user(1958953, "bitwiseman"),
        draft: true,
        headRef: "test/stable",
      },
      draft: true,
      text: { title: "createDraftPullRequest", body: "## test" },
      commits: 2,
    },
  ],
  [
    "pull-mergeable-state-behind",
    pullOf,
    {
      pullRequest: {
        number: 8,
        author: user(61763026, "tginiotis-at-work"),
        state: "open",
        fork: false,
      },
    },
  ],
  [
    "pull-mergeable-state-blocked",
    pullOf,
    {
      pullRequest: { number: 9, baseRef: "develop", headRef: "test1", state: "open" },
      changedFiles: 19,
      commits: 16,
    },
  ],
  [
    "pulls-from-fork",
    (raw) => z.array(restPull).parse(raw).map(fromRestPull),
    [
      {
        pullRequest: {
          number: 8,
          author: user(11509290, "holly-cummins"),
          fork: true,
          headRepository: 525745693,
        },
        changedFiles: null,
      },
    ],
  ],
  [
    "pulls-head-repo-null",
    (raw) => z.array(restPull).parse(raw).map(fromRestPull),
    [
      { pullRequest: { number: 39, state: "merged", fork: true, headRepository: 4485562 } },
      { pullRequest: { number: 32, state: "merged", fork: true, headRepository: null } },
      { pullRequest: { number: 31, fork: true, headRepository: null }, labels: null },
    ],
  ],
  [
    "reviews-approved",
    reviewsOf,
    [
      {
        by: user(93847228, "sahansera-test2"),
        state: "approved",
        commitSha: "70b9fde43c4b762670022ceb64a2a234d86084ac",
        submittedAt: at("2021-11-23T10:51:35Z"),
        canPush: false,
      },
    ],
  ],
  [
    "reviews-approved-by-null-user",
    reviewsOf,
    [
      {
        by: null,
        state: "approved",
        commitSha: "427887c52303ad158651fbe3894f70beabaddd2f",
        submittedAt: at("2021-11-01T03:15:32Z"),
        canPush: false,
      },
    ],
  ],
  [
    "reviews-commented",
    reviewsOf,
    [
      { state: "commented" },
      { state: "commented" },
      { state: "commented" },
      { by: user(49038, "orta"), state: "commented", submittedAt: at("2016-09-30T15:09:47Z") },
    ],
  ],
  [
    "reviews-pending-no-submitted_at",
    reviewsOf,
    [
      {
        by: user(48218208, "maximevw"),
        state: "pending",
        submittedAt: 0,
        commitSha: "07374fe73aff1c2024a8d4114b32406c7a8e89b7",
      },
    ],
  ],
  [
    "check-runs-page",
    (raw) =>
      z
        .object({ check_runs: z.array(restCheckRun) })
        .parse(raw)
        .check_runs.map((run) => fromRestCheckRun(run, null)),
    [
      {
        id: 514982741,
        kind: "check_run",
        name: "site (Java 11)",
        app: { id: 15368, slug: "github-actions" },
        status: "completed",
        conclusion: "success",
        startedAt: at("2020-03-17T21:37:30Z"),
        completedAt: at("2020-03-17T21:38:38Z"),
        externalId: "1117c5e3-7879-562b-d0b9-3c449bc32976",
        run: null,
      },
      { id: 514982721, name: "build-only (Java 11)" },
    ],
  ],
  ["commit-files-page1-300", (raw) => commitOf(raw).files.length, 300],
  [
    "commit-files-last-page-91",
    (raw) => ({
      commit: fromRestCommit(commitOf(raw)),
      files: commitOf(raw).files.map(fromRestFile).slice(0, 1),
    }),
    {
      commit: {
        parents: 1,
        verified: false,
        authors: [{ person: { login: "frink182" }, name: "Stephen Horgan" }],
        committer: { person: { login: "frink182" } },
      },
      files: [{ path: "random/6411.txt", status: "added", additions: 1, deletions: 0 }],
    },
  ],
  [
    "files-renamed-and-without-patch",
    (raw) => {
      const files = z.array(restFile).parse(raw);
      const facts = files.map(fromRestFile);
      return {
        statuses: facts.map((file) => file.status[0]).join(""),
        renamedFrom: facts[0]?.previousPath?.split("/").at(-1),
      };
    },
    {
      statuses: "rrmmmmmmmmmmmmaaaa",
      renamedFrom: "repos_jenkinsci_jenkins_git_refs_heads_master-3.json",
    },
  ],
  [
    "issue-events-8",
    (raw) =>
      z
        .array(z.object({ event: z.string(), actor: restUser }))
        .parse(raw)
        .map((row) => `${row.event} ${fromRestUser(row.actor)?.login}`)
        .slice(3, 6),
    ["labeled chids", "assigned chids", "unlabeled chids"],
  ],
  [
    "webhook-review-dismissed",
    (raw) =>
      z
        .object({ review: restReview, pull_request: restPull })
        .transform((hook) => ({
          review: fromRestReview(hook.review, true),
          pull: fromRestPull(hook.pull_request),
        }))
        .parse(raw),
    {
      review: { by: user(21031067, "Codertocat"), state: "dismissed", canPush: true },
      pull: { pullRequest: { number: 2, baseRef: "master" } },
    },
  ],
  [
    "webhook-check_run-requested_action",
    (raw) => fromRestCheckRun(z.object({ check_run: restCheckRun }).parse(raw).check_run, null),
    {
      id: 1494503112,
      name: "API Review",
      status: "in_progress",
      conclusion: null,
      app: { id: 25811, slug: "electron-cation" },
      externalId: null,
    },
  ],
  [
    "webhook-status",
    (raw) => fromRestStatus(restStatus.parse(raw)),
    {
      id: 6805126730,
      kind: "status",
      name: "default",
      status: "completed",
      conclusion: "success",
      app: null,
      startedAt: at("2019-05-15T15:20:55Z"),
    },
  ],
  [
    "webhook-merge_group-checks_requested",
    (raw) =>
      parseQueueRef(
        z.object({ merge_group: z.object({ head_ref: z.string() }) }).parse(raw).merge_group
          .head_ref,
      ),
    { base: "main", last: 104, onto: "929f8209d40f77f4abc622a499c93a83babdbe64" },
  ],
  [
    "webhook-deployment_review-requested",
    (raw) => restRun.parse(z.object({ workflow_run: z.unknown() }).parse(raw).workflow_run),
    { id: 5453085689, actor: { login: "ilmax" }, triggering_actor: { login: "ilmax" } },
  ],
  [
    "webhook-workflow_job-waiting",
    (raw) =>
      z
        .object({ workflow_job: z.object({ check_run_url: z.string() }) })
        .parse(raw)
        .workflow_job.check_run_url.endsWith("/check-runs/12877621891"),
    true,
  ],
];

describe("GitHub's recorded answers", () => {
  const read = (file: string): unknown => JSON.parse(corpusText(`pull-requests/${file}.json`));

  it.each(recorded)("%s", (file, parse, expected) => {
    const normal = parse(read(file));
    if (typeof expected === "object" && expected !== null) expect(normal).toMatchObject(expected);
    else expect(normal).toEqual(expected);
  });

  // Answers to other programs' queries: they lack ids, without which people and apps cannot be told apart.
  it("graphql-many-reviews: authors without ids are refused; with them the states are ours", () => {
    const nodes = z
      .object({
        data: z.object({
          repository: z.object({
            pullRequest: z.object({
              reviews: z.object({
                nodes: z.array(z.looseObject({ author: z.object({ login: z.string() }) })),
              }),
            }),
          }),
        }),
      })
      .parse(read("graphql-many-reviews")).data.repository.pullRequest.reviews.nodes;
    expect(graphqlReview.safeParse(nodes[0]).success).toBe(false);
    const facts = nodes.map((node, index) =>
      fromGraphqlReview(
        graphqlReview.parse({
          ...node,
          author: { ...node.author, __typename: "User", databaseId: index + 1 },
          authorCanPushToRepository: true,
          submittedAt: node["state"] === "PENDING" ? null : "2020-01-01T00:00:00Z",
          commit: null,
        }),
      ),
    );
    expect(facts.map((fact) => `${fact.by?.login ?? "nobody"} ${fact.state}`)).toEqual([
      "123 commented",
      "def changes_requested",
      "abc approved",
      "DEF commented",
      "xyz approved",
      "nobody approved",
      "hubot changes_requested",
      "hubot dismissed",
      "monalisa pending",
    ]);
    expect(facts[5]?.canPush).toBe(false);
  });

  it("graphql-reviewers: a pull request without commits is refused", () => {
    const raw = z
      .object({ data: z.object({ repository: z.object({ pullRequest: z.unknown() }) }) })
      .parse(read("graphql-reviewers")).data.repository.pullRequest;
    expect(graphqlPull.safeParse(raw).success).toBe(false);
  });

  it("graphql-checks-with-statuses: runs without an id or an app are refused", () => {
    const text = JSON.stringify(read("graphql-checks-with-statuses"));
    expect(text).toContain("cool tests");
    expect(
      graphqlContext.safeParse({
        __typename: "CheckRun",
        conclusion: "SUCCESS",
        status: "COMPLETED",
        name: "cool tests",
      }).success,
    ).toBe(false);
    expect(
      graphqlContext.safeParse({ __typename: "StatusContext", state: "FAILURE", name: "a status" })
        .success,
    ).toBe(false);
  });

  it("every pull request is also a row", () => {
    for (const file of [
      "pull-author-ghost",
      "pull-draft",
      "pull-mergeable-state-behind",
      "pull-mergeable-state-blocked",
    ])
      expect(pullRow.safeParse(read(file)).success).toBe(true);
  });
});
