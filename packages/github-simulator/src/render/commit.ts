import { commitOf } from "../world/lookup.ts";
import type { ChangedFile } from "../git/compare.ts";
import type { Commit, Signature } from "../git/objects.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { iso, nodeId, user } from "./account.ts";
import { repoHtmlUrl, repoUrl } from "./repository.ts";

export function verification(commit: Commit): Record<string, unknown> {
  return commit.verified
    ? {
        verified: true,
        reason: "valid",
        signature: "-----BEGIN PGP SIGNATURE-----\n-----END PGP SIGNATURE-----",
        payload: commit.message,
        verified_at: iso(commit.committer.date),
      }
    : { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null };
}

function gitUser(signature: Signature): Record<string, unknown> {
  return { name: signature.name, email: signature.email, date: iso(signature.date) };
}

/** The account behind an e-mail address; `null` for an address that maps to nobody. */
export function accountByEmail(world: World, email: string): Record<string, unknown> | null {
  const account = world.accountsByEmail.get(email.toLowerCase());
  return account === undefined ? null : user(world, account);
}

export function commit(world: World, repo: Repo, value: Commit): Record<string, unknown> {
  const url = repoUrl(world, repo);
  const html = repoHtmlUrl(world, repo);
  return {
    sha: value.sha,
    node_id: nodeId("Commit", repo.id, value.sha),
    commit: {
      author: gitUser(value.author),
      committer: gitUser(value.committer),
      message: value.message,
      tree: { sha: value.treeSha, url: `${url}/git/trees/${value.treeSha}` },
      url: `${url}/git/commits/${value.sha}`,
      comment_count: 0,
      verification: verification(value),
    },
    url: `${url}/commits/${value.sha}`,
    html_url: `${html}/commit/${value.sha}`,
    comments_url: `${url}/commits/${value.sha}/comments`,
    author: accountByEmail(world, value.author.email),
    committer: accountByEmail(world, value.committer.email),
    parents: value.parents.map((sha) => ({
      sha,
      url: `${url}/commits/${sha}`,
      html_url: `${html}/commit/${sha}`,
    })),
  };
}

export function gitCommit(world: World, repo: Repo, value: Commit): Record<string, unknown> {
  const url = `${repoUrl(world, repo)}/git`;
  const html = repoHtmlUrl(world, repo);
  return {
    sha: value.sha,
    node_id: nodeId("Commit", repo.id, value.sha),
    url: `${url}/commits/${value.sha}`,
    html_url: `${html}/commit/${value.sha}`,
    author: gitUser(value.author),
    committer: gitUser(value.committer),
    message: value.message,
    tree: { sha: value.treeSha, url: `${url}/trees/${value.treeSha}` },
    parents: value.parents.map((sha) => ({
      sha,
      url: `${url}/commits/${sha}`,
      html_url: `${html}/commit/${sha}`,
    })),
    verification: verification(value),
  };
}

export function simpleCommit(world: World, sha: string): Record<string, unknown> {
  const value = commitOf(world, sha);
  return {
    id: value.sha,
    tree_id: value.treeSha,
    message: value.message,
    timestamp: iso(value.committer.date),
    author: { name: value.author.name, email: value.author.email },
    committer: { name: value.committer.name, email: value.committer.email },
  };
}

export function changedFile(
  world: World,
  repo: Repo,
  file: ChangedFile,
  ref: string,
): Record<string, unknown> {
  const html = repoHtmlUrl(world, repo);
  const path = file.path.split("/").map(encodeURIComponent).join("/");
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${html}/blob/${ref}/${path}`,
    raw_url: `${html}/raw/${ref}/${path}`,
    contents_url: `${repoUrl(world, repo)}/contents/${path}?ref=${ref}`,
    ...(file.patch === null ? {} : { patch: file.patch }),
    ...(file.previous === null ? {} : { previous_filename: file.previous }),
  };
}
