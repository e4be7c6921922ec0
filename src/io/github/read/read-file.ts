import type { FileRead, RepositoryRecord } from "#core/ports/index.ts";
import { readContents } from "./contents.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";

/** The policy language's cap on a policy file. */
const mostBytes = 256 * 1024;

/** What the directory calls the file: for a symlink GitHub answers the file's own address with the target's text. */
async function listedAs(
  github: GitHub,
  repository: RepositoryRecord,
  path: string,
  ref: string | null,
): Promise<{ readonly type: string; readonly sha: string } | null> {
  const slash = path.lastIndexOf("/");
  const listing = await readContents(
    github,
    repository,
    slash < 0 ? "" : path.slice(0, slash),
    ref,
  );
  if (listing === null || listing.kind !== "directory") return null;
  return listing.entries.find((entry) => entry.name === path.slice(slash + 1)) ?? null;
}

/**
 * A regular file at a ref. Symlinks, submodules and directories are not followed (threat T17). File and directory are
 * two requests: when the branch moved between them, both are asked again.
 */
export async function readFile(
  github: GitHub,
  repository: RepositoryRecord,
  path: string,
  ref: string | null,
): Promise<FileRead> {
  for (let turn = 0; turn < 2; turn += 1) {
    const found = await readContents(github, repository, path, ref);
    if (found === null) return { kind: "absent" };
    if (found.kind !== "file") return { kind: "other", what: found.kind };
    const listed = await listedAs(github, repository, path, ref);
    if (listed !== null && listed.type !== "file")
      return { kind: "other", what: listed.type === "dir" ? "directory" : listed.type };
    if (listed !== null && listed.sha !== found.sha) continue;
    if (found.size > mostBytes || found.bytes === null)
      return { kind: "too_large", bytes: found.size };
    return { kind: "file", blobSha: found.sha, text: found.bytes.toString("utf8") };
  }
  throw new GitHubError("unavailable", `${path} kept changing while it was read`);
}
