import { Refusal, notFound, ok, type Reply } from "../http/reply.ts";
import { param, type Call, type Route } from "../http/call.ts";
import { repoOf } from "../http/scope.ts";
import { commitOf, resolveRef } from "../world/lookup.ts";
import type { Entry, Files } from "../git/objects.ts";
import type { Repo } from "../world/repositories.ts";
import { pullRefSha } from "../world/pull-refs.ts";
import { repoHtmlUrl, repoUrl } from "../render/repository.ts";

const megabyte = 1024 * 1024;

function links(
  call: Call,
  repo: Repo,
  path: string,
  ref: string,
  sha: string,
  kind: "blobs" | "trees" | null,
): Record<string, unknown> {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  const url = `${repoUrl(call.world, repo)}/contents/${encoded}?ref=${encodeURIComponent(ref)}`;
  const git = kind === null ? null : `${repoUrl(call.world, repo)}/git/${kind}/${sha}`;
  const html =
    kind === null
      ? null
      : `${repoHtmlUrl(call.world, repo)}/${kind === "trees" ? "tree" : "blob"}/${encodeURIComponent(ref)}/${encoded}`;
  const download =
    kind === "blobs"
      ? `${repoHtmlUrl(call.world, repo)}/raw/${encodeURIComponent(ref)}/${encoded}`
      : null;
  return {
    url,
    git_url: git,
    html_url: html,
    download_url: download,
    _links: { self: url, git, html },
  };
}

function entryShape(
  call: Call,
  repo: Repo,
  path: string,
  ref: string,
  entry: Entry,
): Record<string, unknown> {
  const name = path.split("/").at(-1) ?? path;
  const size = call.world.git.blobs.get(entry.sha)?.length ?? 0;
  const type = entry.mode === "160000" ? "submodule" : entry.mode === "120000" ? "symlink" : "file";
  return {
    name,
    path,
    sha: entry.sha,
    size,
    type,
    ...links(call, repo, path, ref, entry.sha, type === "submodule" ? null : "blobs"),
  };
}

function submodule(call: Call, files: Files, path: string): string {
  const entry = files.get(".gitmodules");
  const text =
    entry === undefined ? "" : (call.world.git.blobs.get(entry.sha)?.toString("utf8") ?? "");
  const section = text.split("[submodule").find((part) => part.includes(`path = ${path}`));
  return /url = (\S+)/.exec(section ?? "")?.[1] ?? "https://example.com/unknown.git";
}

function fileReply(
  call: Call,
  repo: Repo,
  files: Files,
  path: string,
  ref: string,
  entry: Entry,
): Reply {
  const shape = entryShape(call, repo, path, ref, entry);
  if (entry.mode === "160000")
    return ok({ ...shape, submodule_git_url: submodule(call, files, path) });
  const bytes = call.world.git.blobs.get(entry.sha) ?? Buffer.alloc(0);
  if (entry.mode === "120000") {
    const target = bytes.toString("utf8");
    const resolved = new URL(target, `file:///${path}`).pathname.slice(1);
    const pointed = files.get(resolved);
    // A link to a file of the same repository is followed, as GitHub follows it: the answer is then the target's content.
    if (pointed !== undefined && pointed.mode !== "120000")
      return fileReply(call, repo, files, path, ref, pointed);
    return ok({ ...shape, target });
  }
  if (bytes.length > 100 * megabyte)
    throw new Refusal(403, "This API returns blobs up to 100 MB in size.", {
      errors: [{ resource: "Blob", field: "data", code: "too_large" }],
    });
  if (call.accept.includes("raw"))
    return {
      status: 200,
      raw: bytes,
      headers: { "content-type": "application/vnd.github.raw+json; charset=utf-8" },
    };
  if (bytes.length > megabyte) return ok({ ...shape, content: "", encoding: "none" });
  return ok({
    ...shape,
    content: bytes.toString("base64").replaceAll(/(.{60})/g, "$1\n"),
    encoding: "base64",
  });
}

function directoryReply(call: Call, repo: Repo, files: Files, path: string, ref: string): Reply {
  const prefix = path === "" ? "" : `${path}/`;
  const children = new Map<string, Record<string, unknown>>();
  for (const [full, entry] of files) {
    if (!full.startsWith(prefix)) continue;
    const [name = "", ...deeper] = full.slice(prefix.length).split("/");
    if (children.has(name)) continue;
    const child = `${prefix}${name}`;
    children.set(
      name,
      deeper.length === 0
        ? entryShape(call, repo, child, ref, entry)
        : {
            name,
            path: child,
            sha: treeShaAt(call, files, child),
            size: 0,
            type: "dir",
            ...links(call, repo, child, ref, treeShaAt(call, files, child), "trees"),
          },
    );
  }
  if (children.size === 0) throw notFound();
  return ok(
    [...children.values()].sort((a, b) => (String(a["name"]) < String(b["name"]) ? -1 : 1)),
  );
}

function treeShaAt(call: Call, files: Files, path: string): string {
  const owner = [...call.world.git.commits.values()].find((commit) => commit.files === files);
  let sha = owner?.treeSha ?? "";
  for (const part of path.split("/"))
    sha = call.world.git.trees.get(sha)?.find((node) => node.path === part)?.sha ?? "";
  return sha;
}

function contents(call: Call): Reply {
  const repo = repoOf(call);
  const ref = call.query.get("ref") ?? repo.defaultBranch;
  const sha = pullRefSha(call.world, repo, ref) ?? resolveRef(call.world, repo, ref);
  if (sha === null)
    throw notFound(
      repo.refs.size === 0 ? "This repository is empty." : `No commit found for the ref ${ref}`,
    );
  const path = param(call, "path").replace(/^\/+|\/+$/g, "");
  const { files } = commitOf(call.world, sha);
  const entry = files.get(path);
  return entry === undefined
    ? directoryReply(call, repo, files, path, ref)
    : fileReply(call, repo, files, path, ref, entry);
}

export const contentRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/contents",
    permission: "contents:read",
    handle: contents,
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/contents/{path+}",
    permission: "contents:read",
    handle: contents,
  },
];
