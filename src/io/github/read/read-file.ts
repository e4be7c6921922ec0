import { blobOfPlaces } from "#core/policy/files.ts";
import type { FileRead, PlacedFileRead } from "#core/ports/github.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { readContents, type Content } from "./contents.ts";
import type { GitHub } from "../client/client.ts";
import { listCaps } from "../client/caps.ts";
import { GitHubError } from "../client/github-error.ts";

/** The policy language's cap on a policy file. */
const mostBytes = 256 * 1024;

interface Listed {
  readonly type: string;
  readonly sha: string;
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));
const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** What the folder calls its files: for a symlink GitHub answers the file's own address with the target's text. */
async function listing(
  github: GitHub,
  repository: RepositoryRecord,
  folder: string,
  ref: string | null,
): Promise<readonly (Listed & { readonly name: string })[] | null> {
  const found = await readContents(github, repository, folder, ref);
  return found === null || found.kind !== "directory" ? null : found.entries;
}

function readAs(found: Content | null, listed: Listed | null): FileRead | "moved" {
  if (found === null) return { kind: "absent" };
  if (found.kind !== "file") return { kind: "other", what: found.kind };
  if (listed !== null && listed.type !== "file")
    return { kind: "other", what: listed.type === "dir" ? "directory" : listed.type };
  if (listed !== null && listed.sha !== found.sha) return "moved";
  if (found.size > mostBytes || found.bytes === null)
    return { kind: "too_large", bytes: found.size };
  return { kind: "file", blobSha: found.sha, text: found.bytes.toString("utf8") };
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
    if (found === null || found.kind !== "file")
      return found === null ? { kind: "absent" } : { kind: "other", what: found.kind };
    const entries = await listing(github, repository, folderOf(path), ref);
    const listed = entries?.find(({ name }) => name === nameOf(path)) ?? null;
    const read = readAs(found, listed);
    if (read !== "moved") return read;
  }
  throw new GitHubError("unavailable", `${path} kept changing while it was read`);
}

/** What stands at each of the paths, by the folder's list; by their own addresses where it may not be whole. */
async function standing(
  github: GitHub,
  repository: RepositoryRecord,
  paths: readonly string[],
  ref: string | null,
): Promise<readonly (Listed & { readonly path: string })[]> {
  const entries = await listing(github, repository, folderOf(paths[0] ?? ""), ref);
  if (entries === null) return [];
  const listed = paths.flatMap((path) => {
    const entry = entries.find(({ name }) => name === nameOf(path));
    return entry === undefined ? [] : [{ path, type: entry.type, sha: entry.sha }];
  });
  if (entries.length < listCaps.folderEntries) return listed;
  const unlisted = paths.filter((path) => listed.every((entry) => entry.path !== path));
  const found = await Promise.all(
    unlisted.map(async (path) => {
      const content = await readContents(github, repository, path, ref);
      if (content === null) return [];
      return [
        content.kind === "file"
          ? { path, type: "file", sha: content.sha }
          : { path, type: content.kind, sha: content.kind },
      ];
    }),
  );
  return [...listed, ...found.flat()];
}

/** The one file that stands at one of these paths of one folder: the folder says which, at the cost of one request. */
export async function readOneOf(
  github: GitHub,
  repository: RepositoryRecord,
  paths: readonly string[],
  ref: string | null,
): Promise<PlacedFileRead> {
  for (let turn = 0; turn < 2; turn += 1) {
    const there = await standing(github, repository, paths, ref);
    const [one, other] = there;
    if (one === undefined) return { kind: "absent" };
    if (other !== undefined)
      return {
        kind: "several",
        paths: there.map(({ path }) => path),
        blobSha: blobOfPlaces(there.map(({ sha }) => sha)) ?? "",
      };
    if (one.type !== "file")
      return { kind: "other", what: one.type === "dir" ? "directory" : one.type, path: one.path };
    const read = readAs(await readContents(github, repository, one.path, ref), one);
    // What is listed and not there, or is another, changed in between.
    if (read !== "moved" && read.kind !== "absent") return { ...read, path: one.path };
  }
  throw new GitHubError("unavailable", `${paths.join(" or ")} kept changing while it was read`);
}
