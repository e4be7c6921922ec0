import { Refusal, notFound } from "../http/reply.ts";
import { param, type Call, type Route } from "../http/call.ts";
import { paged } from "../http/paging.ts";
import { repoOf } from "../http/scope.ts";
import { commitOf, fullName, resolveRef } from "../world/lookup.ts";
import { isOfPull, ownChanges, rangeOf } from "../world/diffs.ts";
import { pullRefSha } from "../world/pull-refs.ts";
import type { ChangedFile } from "../git/compare.ts";
import { commitsBetween, isAncestor, log } from "../git/history.ts";
import type { Repo } from "../world/repositories.ts";
import { changedFile, commit } from "../render/commit.ts";
import { pullSimple } from "../render/pull.ts";
import { repoHtmlUrl, repoUrl } from "../render/repository.ts";

const maxComparedFiles = 300;
const maxCommitFiles = 3000;

export function shaOf(call: Call, repo: Repo, name: string): string {
  const sha = pullRefSha(call.world, repo, name) ?? resolveRef(call.world, repo, name);
  if (sha === null)
    throw /^[0-9a-f]{40}$/.test(name)
      ? new Refusal(422, `No commit found for SHA: ${name}`)
      : notFound();
  return sha;
}

/** `branch`, `sha`, or `owner:branch` for a branch of a fork. */
function compared(call: Call, repo: Repo, name: string): string {
  const at = name.indexOf(":");
  if (at === -1) return shaOf(call, repo, name);
  const other = [...call.world.repos.values()].find(
    (one) =>
      fullName(call.world, one)
        .toLowerCase()
        .startsWith(`${name.slice(0, at).toLowerCase()}/`) &&
      (one.id === repo.id || one.parentId === repo.id || repo.parentId === one.id),
  );
  if (other === undefined) throw notFound();
  return shaOf(call, other, name.slice(at + 1));
}

function compare(call: Call): ReturnType<Route["handle"]> {
  const repo = repoOf(call);
  const [left = "", right = ""] = param(call, "basehead").split("...");
  const base = compared(call, repo, left);
  const head = compared(call, repo, right);
  const range = rangeOf(call.world, base, head);
  const behind = commitsBetween(call.world.git, head, base).length;
  const ahead = range.commits.length;
  const status =
    base === head
      ? "identical"
      : ahead > 0 && behind > 0
        ? "diverged"
        : ahead > 0
          ? "ahead"
          : "behind";
  const url = `${repoUrl(call.world, repo)}/compare/${left}...${right}`;
  const html = `${repoHtmlUrl(call.world, repo)}/compare/${left}...${right}`;
  const isFirst = (call.query.get("page") ?? "1") === "1";
  return paged(
    call,
    range.commits,
    (value) => commit(call.world, repo, value),
    (commits) => ({
      url,
      html_url: html,
      permalink_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: commit(call.world, repo, commitOf(call.world, base)),
      merge_base_commit: commit(call.world, repo, commitOf(call.world, range.mergeBase)),
      status,
      ahead_by: ahead,
      behind_by: behind,
      total_commits: ahead,
      commits,
      // The files are only ever on the first page, and at most 300 of them.
      files: isFirst
        ? range.files
            .slice(0, maxComparedFiles)
            .map((file) => changedFile(call.world, repo, file, head))
        : [],
    }),
  );
}

export const commitRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/commits",
    permission: "contents:read",
    handle: (call) => {
      const repo = repoOf(call);
      const sha = shaOf(call, repo, call.query.get("sha") ?? repo.defaultBranch);
      const path = call.query.get("path");
      const since = Date.parse(call.query.get("since") ?? "");
      const until = Date.parse(call.query.get("until") ?? "");
      const list = log(call.world.git, sha, Infinity)
        .filter(
          (value) =>
            path === null ||
            ownChanges(call.world, value).some(
              (file) => file.path === path || file.path.startsWith(`${path}/`),
            ),
        )
        .filter((value) => !(value.committer.date < since) && !(value.committer.date > until));
      return paged(call, list, (value) => commit(call.world, repo, value));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/compare/{basehead+}",
    permission: "contents:read",
    handle: compare,
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/commits/{commit_sha}/pulls",
    permission: "pull_requests:read",
    handle: (call) => {
      const repo = repoOf(call);
      const sha = shaOf(call, repo, param(call, "commit_sha"));
      const tip = repo.refs.get(`refs/heads/${repo.defaultBranch}`);
      const isMain = tip !== undefined && isAncestor(call.world.git, sha, tip);
      // On the default branch: what merged it. Elsewhere: the open pull requests that hold it.
      const found = [...repo.pulls.values()].filter((pull) => {
        return isOfPull(call.world, pull, sha) && (isMain ? pull.merged : true);
      });
      return paged(call, found, (pull) => {
        const issue = repo.issues.get(pull.number);
        return issue === undefined ? null : pullSimple(call.world, repo, pull, issue);
      });
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/commits/{ref+}",
    permission: "contents:read",
    handle: (call) => {
      const repo = repoOf(call);
      const value = commitOf(call.world, shaOf(call, repo, param(call, "ref")));
      if (call.accept.includes("vnd.github.sha"))
        return {
          status: 200,
          raw: Buffer.from(value.sha),
          headers: { "content-type": "application/vnd.github.sha; charset=utf-8" },
        };
      const files = ownChanges(call.world, value);
      const sum = (of: (file: ChangedFile) => number): number =>
        files.reduce((total, file) => total + of(file), 0);
      const additions = sum((file) => file.additions);
      const deletions = sum((file) => file.deletions);
      if (!call.query.has("per_page") && !call.query.has("page")) call.query.set("per_page", "100");
      return paged(
        call,
        files,
        (file) => changedFile(call.world, repo, file, value.sha),
        (shown) => ({
          ...commit(call.world, repo, value),
          stats: { additions, deletions, total: additions + deletions },
          files: shown,
        }),
        maxCommitFiles,
      );
    },
  },
];
