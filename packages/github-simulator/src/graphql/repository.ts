import { accountOf, roleIn } from "../world/accounts.ts";
import { fullName, resolveRef } from "../world/lookup.ts";
import { pullRefSha } from "../world/pull-refs.ts";
import type { Issue } from "../world/issues.ts";
import type { Pull } from "../world/pulls.ts";
import type { Repo } from "../world/repositories.ts";
import { iso, nodeId } from "../render/account.ts";
import { repoHtmlUrl } from "../render/repository.ts";
import { connection } from "./connection.ts";
import { failure, need, type Args, type Gql, type Shape } from "./context.ts";
import { deployments } from "./deployments.ts";
import { blob, tree, treeAt } from "./git-objects.ts";

function ref(g: Gql, repo: Repo, name: string, sha: string): Shape {
  const prefix = name.startsWith("refs/tags/")
    ? "refs/tags/"
    : name.startsWith("refs/heads/")
      ? "refs/heads/"
      : "refs/";
  return {
    __typename: "Ref",
    id: nodeId("Ref", repo.id, name),
    name: name.slice(prefix.length),
    prefix,
    repository: () => g.shapes.repository(g, repo),
    target: () => {
      const found = g.world.git.commits.get(sha);
      return found === undefined ? null : g.shapes.commit(g, repo, found);
    },
    branchProtectionRule: null,
    associatedPullRequests: (args: Args) =>
      pulls(g, repo, { ...args, headRefName: name.slice(prefix.length) }),
  };
}

export function existingRef(g: Gql, repo: Repo, name: string): Shape | null {
  const sha = repo.refs.get(name);
  return sha === undefined ? null : ref(g, repo, name, sha);
}

function namedRef(g: Gql, repo: Repo, name: string): Shape | null {
  for (const candidate of [name, `refs/heads/${name}`, `refs/tags/${name}`]) {
    const sha = repo.refs.get(candidate) ?? pullRefSha(g.world, repo, candidate);
    if (sha !== undefined && sha !== null) return ref(g, repo, candidate, sha);
  }
  return null;
}

/** `rev`, `rev:path` or an object id. */
function gitObject(g: Gql, repo: Repo, args: Args): Shape | null {
  need(g, "contents:read");
  const text = typeof args["oid"] === "string" ? args["oid"] : String(args["expression"] ?? "");
  const at = text.indexOf(":");
  const rev = at === -1 ? text : text.slice(0, at);
  const sha =
    pullRefSha(g.world, repo, rev) ?? resolveRef(g.world, repo, rev === "" ? "HEAD" : rev);
  const found = sha === null ? undefined : g.world.git.commits.get(sha);
  if (at === -1) {
    if (found !== undefined) return g.shapes.commit(g, repo, found);
    if (g.world.git.blobs.has(text)) return blob(g, repo, text);
    return g.world.git.trees.has(text) ? tree(g, repo, text, "") : null;
  }
  if (found === undefined) return null;
  const path = text.slice(at + 1).replace(/^\.?\/+|\/+$/g, "");
  const entry = found.files.get(path);
  if (entry !== undefined) return entry.mode === "160000" ? null : blob(g, repo, entry.sha);
  const treeSha = treeAt(g, found.treeSha, path);
  return treeSha === null ? null : tree(g, repo, treeSha, path);
}

function stateOf(pull: Pull, issue: Issue): string {
  return pull.merged ? "MERGED" : issue.state === "open" ? "OPEN" : "CLOSED";
}

export function pulls(g: Gql, repo: Repo, args: Args): Shape {
  need(g, "pull_requests:read");
  const { states, baseRefName, headRefName, labels, orderBy } = args;
  const order =
    typeof orderBy === "object" && orderBy !== null
      ? ({ ...orderBy } as Record<string, unknown>)
      : {};
  const list = [...repo.pulls.values()]
    .flatMap((pull) => {
      const issue = repo.issues.get(pull.number);
      return issue === undefined ? [] : [{ pull, issue }];
    })
    .filter(
      ({ pull, issue }) =>
        (!Array.isArray(states) || states.includes(stateOf(pull, issue))) &&
        (typeof baseRefName !== "string" || pull.baseRef === baseRefName) &&
        (typeof headRefName !== "string" || pull.headRef === headRefName) &&
        (!Array.isArray(labels) || issue.labels.some((one) => labels.includes(one.name))),
    );
  const key = ({ issue }: { issue: Issue }): number =>
    order["field"] === "UPDATED_AT" ? issue.updatedAt : issue.number;
  list.sort((a, b) => (order["direction"] === "DESC" ? -1 : 1) * (key(a) - key(b)));
  return connection("pullRequests", list, args, ({ pull, issue }) =>
    g.shapes.pull(g, repo, pull, issue),
  );
}

export function repository(g: Gql, repo: Repo): Shape {
  const url = repoHtmlUrl(g.world, repo);
  const tip = repo.refs.get(`refs/heads/${repo.defaultBranch}`);
  const owner = accountOf(g.world, repo.ownerId);
  return {
    __typename: "Repository",
    id: nodeId("Repository", repo.id),
    databaseId: repo.id,
    name: repo.name,
    nameWithOwner: fullName(g.world, repo),
    owner: () => g.shapes.actor(g, repo.ownerId),
    url,
    resourcePath: `/${fullName(g.world, repo)}`,
    description: repo.description,
    isPrivate: repo.private,
    isArchived: repo.archived,
    isFork: repo.parentId !== null,
    isEmpty: tip === undefined,
    isInOrganization: owner.type === "Organization",
    isDisabled: false,
    isLocked: false,
    isTemplate: false,
    isMirror: false,
    hasIssuesEnabled: repo.hasIssues,
    visibility: repo.private ? "PRIVATE" : "PUBLIC",
    archivedAt: repo.archived ? iso(repo.pushedAt) : null,
    createdAt: iso(repo.createdAt),
    updatedAt: iso(repo.pushedAt),
    pushedAt: iso(repo.pushedAt),
    mergeCommitAllowed: true,
    squashMergeAllowed: true,
    rebaseMergeAllowed: true,
    autoMergeAllowed: true,
    deleteBranchOnMerge: false,
    viewerPermission: () =>
      g.call.caller.kind === "user"
        ? roleIn(g.world, repo, g.call.caller.userId).toUpperCase()
        : "READ",
    parent: () => {
      const parent = repo.parentId === null ? undefined : g.world.repos.get(repo.parentId);
      return parent === undefined ? null : repository(g, parent);
    },
    defaultBranchRef: () =>
      tip === undefined ? null : ref(g, repo, `refs/heads/${repo.defaultBranch}`, tip),
    ref: (args: Args) => namedRef(g, repo, String(args["qualifiedName"])),
    refs: (args: Args) => {
      const prefix = String(args["refPrefix"]);
      return connection(
        "refs",
        [...repo.refs].filter(([name]) => name.startsWith(prefix)),
        args,
        ([name, sha]) => ref(g, repo, name, sha),
      );
    },
    object: (args: Args) => gitObject(g, repo, args),
    pullRequest: (args: Args) => {
      need(g, "pull_requests:read");
      const number = Number(args["number"]);
      const [pull, issue] = [repo.pulls.get(number), repo.issues.get(number)];
      if (pull === undefined || issue === undefined)
        throw failure(
          "NOT_FOUND",
          `Could not resolve to a PullRequest with the number of ${number}.`,
        );
      return g.shapes.pull(g, repo, pull, issue);
    },
    pullRequests: (args: Args) => pulls(g, repo, args),
    issue: (args: Args) => {
      need(g, "issues:read");
      const issue = repo.issues.get(Number(args["number"]));
      if (issue === undefined || issue.isPull)
        throw failure(
          "NOT_FOUND",
          `Could not resolve to an Issue with the number of ${Number(args["number"])}.`,
        );
      return g.shapes.issue(g, repo, issue);
    },
    issueOrPullRequest: (args: Args) => {
      const number = Number(args["number"]);
      const [pull, issue] = [repo.pulls.get(number), repo.issues.get(number)];
      if (issue === undefined)
        throw failure(
          "NOT_FOUND",
          `Could not resolve to an issue or pull request with the number of ${number}.`,
        );
      return pull === undefined
        ? g.shapes.issue(g, repo, issue)
        : g.shapes.pull(g, repo, pull, issue);
    },
    issues: (args: Args) => {
      need(g, "issues:read");
      const [states, labels] = [args["states"], args["labels"]];
      const wanted = Array.isArray(labels) ? labels.map((one) => String(one).toLowerCase()) : null;
      const list = [...repo.issues.values()].filter(
        (one) =>
          !one.isPull &&
          (!Array.isArray(states) || states.includes(one.state.toUpperCase())) &&
          (wanted === null ||
            one.labels.some((label) => wanted.includes(label.name.toLowerCase()))),
      );
      return connection("issues", list, args, (one) => g.shapes.issue(g, repo, one));
    },
    label: (args: Args) => {
      const found = repo.labels.get(String(args["name"]).toLowerCase());
      return found === undefined ? null : g.shapes.label(g, repo, found);
    },
    labels: (args: Args) =>
      connection("labels", [...repo.labels.values()], args, (one) => g.shapes.label(g, repo, one)),
    mergeQueue: (args: Args) => {
      need(g, "merge_queues:read");
      return g.shapes.mergeQueue(
        g,
        repo,
        typeof args["branch"] === "string" ? args["branch"] : repo.defaultBranch,
      );
    },
    deployments: (args: Args) => deployments(g, repo, args),
    collaborators: (args: Args) => {
      const people = [...g.world.accounts.values()].filter(
        (one) => one.type === "User" && roleIn(g.world, repo, one.id) !== "none",
      );
      return connection("collaborators", people, args, (one) => g.shapes.actor(g, one.id));
    },
    environment: (args: Args) => {
      const found = repo.environments.get(String(args["name"]).toLowerCase());
      return found === undefined
        ? null
        : {
            __typename: "Environment",
            id: nodeId("Environment", repo.id, found.id),
            databaseId: found.id,
            name: found.name,
          };
    },
    environments: (args: Args) =>
      connection("environments", [...repo.environments.values()], args, (one) => ({
        __typename: "Environment",
        id: nodeId("Environment", repo.id, one.id),
        databaseId: one.id,
        name: one.name,
      })),
  };
}
