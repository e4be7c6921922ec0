import { notFound, ok } from "../http/reply.ts";
import { param, type Call, type Route } from "../http/call.ts";
import { repoOf } from "../http/scope.ts";
import { resolveRef } from "../world/lookup.ts";
import { pullRefSha } from "../world/pull-refs.ts";
import type { TreeNode } from "../git/objects.ts";
import type { Repo } from "../world/repositories.ts";
import { nodeId } from "../render/account.ts";
import { gitCommit } from "../render/commit.ts";
import { repoUrl } from "../render/repository.ts";

/** GitHub cuts a recursive tree here and says `truncated`. */
const maxTreeEntries = 100_000;

function ref(call: Call, repo: Repo, name: string, sha: string): Record<string, unknown> {
  const url = repoUrl(call.world, repo);
  return {
    ref: name,
    node_id: nodeId("Ref", repo.id, name),
    url: `${url}/git/${name}`,
    object: { sha, type: "commit", url: `${url}/git/commits/${sha}` },
  };
}

function nodes(call: Call, sha: string, prefix: string, recursive: boolean): TreeNode[] {
  return (call.world.git.trees.get(sha) ?? []).flatMap((node) => {
    const full = { ...node, path: `${prefix}${node.path}` };
    return recursive && node.type === "tree"
      ? [full, ...nodes(call, node.sha, `${full.path}/`, true)]
      : [full];
  });
}

export const gitRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/git/ref/{ref+}",
    permission: "contents:read",
    handle: (call) => {
      const repo = repoOf(call);
      const name = `refs/${param(call, "ref")}`;
      const sha = repo.refs.get(name) ?? pullRefSha(call.world, repo, name);
      if (sha === null) throw notFound();
      return ok(ref(call, repo, name, sha));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/git/matching-refs/{ref+}",
    permission: "contents:read",
    handle: (call) => {
      const repo = repoOf(call);
      const prefix = `refs/${param(call, "ref")}`;
      return ok(
        [...repo.refs]
          .filter(([name]) => name.startsWith(prefix))
          .map(([name, sha]) => ref(call, repo, name, sha)),
      );
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/git/commits/{commit_sha}",
    permission: "contents:read",
    handle: (call) => {
      const repo = repoOf(call);
      const commit = call.world.git.commits.get(param(call, "commit_sha"));
      if (commit === undefined) throw notFound();
      return ok(gitCommit(call.world, repo, commit));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/git/trees/{tree_sha+}",
    permission: "contents:read",
    handle: (call) => {
      const repo = repoOf(call);
      const name = param(call, "tree_sha");
      const commit = resolveRef(call.world, repo, name);
      const sha = call.world.git.trees.has(name)
        ? name
        : call.world.git.commits.get(commit ?? "")?.treeSha;
      if (sha === undefined) throw notFound();
      const url = `${repoUrl(call.world, repo)}/git`;
      const all = nodes(call, sha, "", call.query.has("recursive"));
      return ok({
        sha,
        url: `${url}/trees/${sha}`,
        truncated: all.length > maxTreeEntries,
        tree: all.slice(0, maxTreeEntries).map((node) => ({
          ...node,
          ...(node.type === "blob"
            ? { size: call.world.git.blobs.get(node.sha)?.length ?? 0 }
            : {}),
          ...(node.type === "commit" ? {} : { url: `${url}/${node.type}s/${node.sha}` }),
        })),
      });
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/git/blobs/{file_sha}",
    permission: "contents:read",
    handle: (call) => {
      const repo = repoOf(call);
      const sha = param(call, "file_sha");
      const bytes = call.world.git.blobs.get(sha);
      if (bytes === undefined) throw notFound();
      if (call.accept.includes("raw")) return { status: 200, raw: bytes };
      return ok({
        sha,
        node_id: nodeId("Blob", repo.id, sha),
        size: bytes.length,
        url: `${repoUrl(call.world, repo)}/git/blobs/${sha}`,
        content: bytes.toString("base64"),
        encoding: "base64",
      });
    },
  },
];
