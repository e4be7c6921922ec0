import { log } from "../git/history.ts";
import { isBinary, type Commit, type Signature, type TreeNode } from "../git/objects.ts";
import { ownChanges, isOfPull } from "../world/diffs.ts";
import { suiteRuns } from "../render/check.ts";
import type { Repo } from "../world/repositories.ts";
import { iso, nodeId } from "../render/account.ts";
import { repoHtmlUrl } from "../render/repository.ts";
import { connection } from "./connection.ts";
import { need, type Args, type Gql, type Shape } from "./context.ts";

/** GraphQL cuts the text of a blob here and says `isTruncated`. */
const maxText = 512_000;

function core(g: Gql, repo: Repo, type: string, sha: string): Shape {
  const url = `${repoHtmlUrl(g.world, repo)}/commit/${sha}`;
  return {
    __typename: type,
    id: nodeId(type, repo.id, sha),
    oid: sha,
    abbreviatedOid: sha.slice(0, 7),
    commitUrl: url,
    commitResourcePath: new URL(url).pathname,
    repository: () => g.shapes.repository(g, repo),
  };
}

export function blob(g: Gql, repo: Repo, sha: string): Shape {
  const bytes = g.world.git.blobs.get(sha) ?? Buffer.alloc(0);
  const binary = isBinary(bytes);
  return {
    ...core(g, repo, "Blob", sha),
    byteSize: bytes.length,
    isBinary: binary,
    isTruncated: bytes.length > maxText,
    text: () => (binary ? null : bytes.subarray(0, maxText).toString("utf8")),
  };
}

/** SHA of the tree at a path; `null` where there is no directory. */
export function treeAt(g: Gql, rootSha: string, path: string): string | null {
  let sha = rootSha;
  for (const part of path.split("/").filter((one) => one !== "")) {
    const node = g.world.git.trees
      .get(sha)
      ?.find((one) => one.path === part && one.type === "tree");
    if (node === undefined) return null;
    sha = node.sha;
  }
  return sha;
}

function treeEntry(g: Gql, repo: Repo, node: TreeNode, path: string): Shape {
  const full = path === "" ? node.path : `${path}/${node.path}`;
  return {
    __typename: "TreeEntry",
    name: node.path,
    path: full,
    oid: node.sha,
    mode: Number.parseInt(node.mode, 8),
    type: node.type,
    size: g.world.git.blobs.get(node.sha)?.length ?? 0,
    extension: node.path.includes(".") ? `.${node.path.split(".").at(-1)}` : "",
    isGenerated: false,
    repository: () => g.shapes.repository(g, repo),
    submodule: null,
    object: () =>
      node.type === "blob"
        ? blob(g, repo, node.sha)
        : node.type === "tree"
          ? tree(g, repo, node.sha, full)
          : null,
  };
}

export function tree(g: Gql, repo: Repo, sha: string, path: string): Shape {
  return {
    ...core(g, repo, "Tree", sha),
    entries: () => (g.world.git.trees.get(sha) ?? []).map((node) => treeEntry(g, repo, node, path)),
  };
}

function gitActor(
  g: Gql,
  signature: Pick<Signature, "name" | "email"> & { readonly date: number | null },
): Shape {
  const account = g.world.accountsByEmail.get(signature.email.toLowerCase());
  return {
    __typename: "GitActor",
    name: signature.name,
    email: signature.email,
    date: iso(signature.date),
    avatarUrl: `${g.world.origin}/avatars/u/0`,
    // Only people: a bot's commits have no user here.
    user: () => (account?.type === "User" ? g.shapes.actor(g, account.id) : null),
  };
}

function coauthors(commit: Commit): { name: string; email: string; date: null }[] {
  return [...commit.message.matchAll(/^Co-authored-by: (.+?) <([^<>\n]+)>[ \t]*$/gim)].map(
    (match) => ({ name: match[1] ?? "", email: match[2] ?? "", date: null }),
  );
}

function stats(g: Gql, commit: Commit): { additions: number; deletions: number; files: number } {
  const files = ownChanges(g.world, commit);
  return {
    additions: files.reduce((sum, one) => sum + one.additions, 0),
    deletions: files.reduce((sum, one) => sum + one.deletions, 0),
    files: files.length,
  };
}

function signatureOf(g: Gql, commit: Commit): Shape | null {
  if (!commit.verified) return null;
  const isGitHub = commit.committer.email === "noreply@github.com";
  const signer = g.world.accountsByEmail.get(commit.committer.email.toLowerCase());
  return {
    __typename: "GpgSignature",
    keyId: "0000000000000000",
    isValid: true,
    state: "VALID",
    email: commit.committer.email,
    payload: commit.message,
    signature: "simulated",
    wasSignedByGitHub: isGitHub,
    verifiedAt: iso(commit.committer.date),
    signer: () => (signer?.type === "User" ? g.shapes.actor(g, signer.id) : null),
  };
}

export function commit(g: Gql, repo: Repo, value: Commit): Shape {
  const [headline = "", ...rest] = value.message.split("\n");
  const url = `${repoHtmlUrl(g.world, repo)}/commit/${value.sha}`;
  const known = (sha: string): Commit[] => {
    const found = g.world.git.commits.get(sha);
    return found === undefined ? [] : [found];
  };
  return {
    ...core(g, repo, "Commit", value.sha),
    message: value.message,
    messageHeadline: headline,
    messageBody: rest.join("\n").trim(),
    url,
    resourcePath: new URL(url).pathname,
    authoredDate: iso(value.author.date),
    committedDate: iso(value.committer.date),
    author: () => gitActor(g, value.author),
    committer: () => gitActor(g, value.committer),
    authoredByCommitter: value.author.email === value.committer.email,
    committedViaWeb: value.committer.email === "noreply@github.com",
    authors: (args: Args) =>
      connection("authors", [value.author, ...coauthors(value)], args, (one) => gitActor(g, one)),
    parents: (args: Args) =>
      connection("parents", value.parents.flatMap(known), args, (one) => commit(g, repo, one)),
    signature: () => signatureOf(g, value),
    tree: () => tree(g, repo, value.treeSha, ""),
    treeUrl: `${repoHtmlUrl(g.world, repo)}/tree/${value.sha}`,
    additions: () => stats(g, value).additions,
    deletions: () => stats(g, value).deletions,
    changedFiles: () => stats(g, value).files,
    changedFilesIfAvailable: () => stats(g, value).files,
    pushedDate: null,
    onBehalfOf: null,
    file: (args: Args) => {
      const path = String(args["path"]);
      const entry = value.files.get(path);
      if (entry === undefined) return null;
      const type = entry.mode === "160000" ? "commit" : "blob";
      return treeEntry(
        g,
        repo,
        { path: path.split("/").at(-1) ?? path, mode: entry.mode, type, sha: entry.sha },
        path.split("/").slice(0, -1).join("/"),
      );
    },
    history: (args: Args) =>
      connection("history", log(g.world.git, value.sha, 10_000), args, (one) =>
        commit(g, repo, one),
      ),
    statusCheckRollup: () => {
      need(g, "checks:read", "statuses:read");
      return g.shapes.rollup(g, repo, value.sha);
    },
    checkSuites: (args: Args) => {
      need(g, "checks:read");
      const filter =
        typeof args["filterBy"] === "object" && args["filterBy"] !== null
          ? ({ ...args["filterBy"] } as Record<string, unknown>)
          : {};
      const list = [...repo.suites.values()].filter(
        (suite) =>
          suite.headSha === value.sha &&
          (typeof filter["appId"] !== "number" || suite.appId === filter["appId"]) &&
          (typeof filter["checkName"] !== "string" ||
            suiteRuns(repo, suite).some((run) => run.name === filter["checkName"])),
      );
      return connection("checkSuites", list, args, (suite) => g.shapes.checkSuite(g, repo, suite));
    },
    associatedPullRequests: (args: Args) => {
      need(g, "pull_requests:read");
      const list = [...repo.pulls.values()].filter((pull) => isOfPull(g.world, pull, value.sha));
      return connection("associatedPullRequests", list, args, (pull) => {
        const issue = repo.issues.get(pull.number);
        return issue === undefined ? null : g.shapes.pull(g, repo, pull, issue);
      });
    },
  };
}
