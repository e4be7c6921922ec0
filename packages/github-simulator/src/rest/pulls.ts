import { Refusal, notFound, ok } from "../http/reply.ts";
import { numberParam, text, type Call, type Route } from "../http/call.ts";
import { paged } from "../http/paging.ts";
import { pullOf, repoOf, writer } from "../http/scope.ts";
import { accountOf } from "../world/accounts.ts";
import { mergeability, pullRange } from "../world/diffs.ts";
import { mergePull } from "../scenario/pull-lifecycle.ts";
import { fullName } from "../world/lookup.ts";
import type { Issue } from "../world/issues.ts";
import type { Pull } from "../world/pulls.ts";
import { changedFile, commit } from "../render/commit.ts";
import { pullFull, pullSimple, review } from "../render/pull.ts";

/** GitHub lists no more files, and no more commits, of one pull request. */
const maxFiles = 3000;
const maxCommits = 250;

function listed(call: Call): { pull: Pull; issue: Issue }[] {
  const repo = repoOf(call);
  const state = call.query.get("state") ?? "open";
  const base = call.query.get("base");
  const head = call.query.get("head");
  const list = [...repo.pulls.values()].flatMap((pull) => {
    const issue = repo.issues.get(pull.number);
    return issue === undefined ? [] : [{ pull, issue }];
  });
  const direction =
    (call.query.get("direction") ?? (call.query.get("sort") === null ? "desc" : "desc")) === "asc"
      ? 1
      : -1;
  const isUpdated = call.query.get("sort") === "updated";
  return list
    .filter(({ issue }) => state === "all" || issue.state === state)
    .filter(
      ({ pull }) =>
        (base === null || pull.baseRef === base) && (head === null || pull.headLabel === head),
    )
    .sort(
      (a, b) =>
        direction *
        (isUpdated
          ? a.issue.updatedAt - b.issue.updatedAt || a.pull.number - b.pull.number
          : a.pull.number - b.pull.number),
    );
}

function merge(call: Call): ReturnType<Route["handle"]> {
  const repo = repoOf(call);
  const { pull, issue } = pullOf(call, repo);
  if (issue.state !== "open") throw new Refusal(405, "Pull Request is not mergeable");
  if (text(call, "sha") !== undefined && text(call, "sha") !== pull.headSha) {
    throw new Refusal(409, "Head branch was modified. Review and try the merge again.");
  }
  if (mergeability(call.world, repo, pull) === "dirty")
    throw new Refusal(405, "Pull Request has merge conflicts");
  const method = text(call, "merge_method");
  const by = accountOf(call.world, writer(call).userId).login;
  const sha = mergePull(call.world, {
    repo: fullName(call.world, repo),
    number: pull.number,
    by,
    method: method === "squash" || method === "rebase" ? method : "merge",
  }).sha;
  return ok({ sha, merged: true, message: "Pull Request successfully merged" });
}

export const pullRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/pulls",
    permission: "pull_requests:read",
    handle: (call) => {
      const repo = repoOf(call);
      return paged(call, listed(call), ({ pull, issue }) =>
        pullSimple(call.world, repo, pull, issue),
      );
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/pulls/{pull_number}",
    permission: "pull_requests:read",
    handle: (call) => {
      const repo = repoOf(call);
      const { pull, issue } = pullOf(call, repo);
      return ok(pullFull(call.world, repo, pull, issue));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/pulls/{pull_number}/files",
    permission: "pull_requests:read",
    handle: (call) => {
      const repo = repoOf(call);
      const { pull } = pullOf(call, repo);
      return paged(
        call,
        pullRange(call.world, repo, pull).files,
        (file) => changedFile(call.world, repo, file, pull.headSha),
        undefined,
        maxFiles,
      );
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/pulls/{pull_number}/commits",
    permission: "pull_requests:read",
    handle: (call) => {
      const repo = repoOf(call);
      return paged(
        call,
        pullRange(call.world, repo, pullOf(call, repo).pull).commits,
        (value) => commit(call.world, repo, value),
        undefined,
        maxCommits,
      );
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/pulls/{pull_number}/reviews",
    permission: "pull_requests:read",
    handle: (call) => {
      const repo = repoOf(call);
      const { pull } = pullOf(call, repo);
      return paged(call, pull.reviews, (value) => review(call.world, repo, pull, value));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}",
    permission: "pull_requests:read",
    handle: (call) => {
      const repo = repoOf(call);
      const { pull } = pullOf(call, repo);
      const found = pull.reviews.find((one) => one.id === numberParam(call, "review_id"));
      if (found === undefined) throw notFound();
      return ok(review(call.world, repo, pull, found));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/pulls/{pull_number}/merge",
    permission: "pull_requests:read",
    handle: (call) => {
      if (!pullOf(call, repoOf(call)).pull.merged) throw notFound();
      return { status: 204 };
    },
  },
  {
    method: "PUT",
    path: "/repos/{owner}/{repo}/pulls/{pull_number}/merge",
    permission: "contents:write",
    handle: merge,
  },
];
