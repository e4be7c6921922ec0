import { z } from "zod";
import type { SameDiffFact } from "../../core/facts/reviews.ts";
import type { RepositoryRecord } from "../../core/ports.ts";
import type { GitHub } from "../github/client.ts";
import { GitHubError } from "../github/github-error.ts";
import { asRepository } from "../github/requests.ts";
import { restFile } from "./parse-files.ts";
import type { RestFile } from "./parse-files.ts";

const comparison = z.object({ behind_by: z.number(), files: z.array(restFile).nullish() });

/** GitHub shows no more files of a comparison than this, and does not say when it leaves some out. */
const mostCompared = 300;

/** The first page holds all files; of the commits one is enough. */
async function compare(
  github: GitHub,
  repository: RepositoryRecord,
  base: string,
  head: string,
): Promise<z.infer<typeof comparison>> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/compare/{basehead}", {
    owner: repository.owner,
    repo: repository.name,
    basehead: `${base}...${head}`,
    per_page: 1,
    page: 1,
  });
  return (await github.rest(asRepository(repository), request, comparison)).data;
}

export async function readBehind(
  github: GitHub,
  repository: RepositoryRecord,
  base: string,
  head: string,
): Promise<number> {
  return (await compare(github, repository, base, head)).behind_by;
}

const hunk = /^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@.*$/gm;

/** A patch is whole when it adds and removes as many lines as GitHub counted: long ones are cut without a word. */
function isWhole(file: RestFile): boolean {
  if (typeof file.patch !== "string") return false;
  const lines = file.patch.split("\n");
  return (
    lines.filter((line) => line.startsWith("+")).length === file.additions &&
    lines.filter((line) => line.startsWith("-")).length === file.deletions
  );
}

/** Line numbers, and the name of the function that stands in a hunk's header, move with a rebase; the rest must not. */
function fingerprint(file: RestFile): string {
  const change = isWhole(file)
    ? `patch ${(file.patch ?? "").replace(hunk, "@@")}`
    : `blob ${file.sha ?? "none"}`;
  return JSON.stringify([
    file.status,
    file.previous_filename ?? null,
    file.additions,
    file.deletions,
    change,
  ]);
}

/** Compares two lists of changed files, line numbers aside. */
export function sameFiles(reviewed: readonly RestFile[], head: readonly RestFile[]): SameDiffFact {
  const before = new Map(reviewed.map((file) => [file.filename, fingerprint(file)]));
  const after = new Map(head.map((file) => [file.filename, fingerprint(file)]));
  const changedPaths = [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .sort();
  return { same: changedPaths.length === 0, changedPaths };
}

/** null where GitHub does not know the commit any more, which it says with a 404 or a 422. */
async function collectable<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof GitHubError && (error.status === 404 || error.status === 422)) return null;
    throw error;
  }
}

/** Whether the reviewed commit changes what the head changes. A reviewed commit that GitHub collected cannot be shown to. */
export async function readSameDiff(
  github: GitHub,
  repository: RepositoryRecord,
  base: string,
  reviewed: string,
  head: string,
): Promise<SameDiffFact> {
  if (reviewed === head) return { same: true, changedPaths: [] };
  const [then, now] = await Promise.all([
    collectable(compare(github, repository, base, reviewed)),
    compare(github, repository, base, head),
  ]);
  if (now.files === null || now.files === undefined)
    throw new GitHubError("invalid", "the comparison's answer lists no files");
  if (
    then === null ||
    then.files === null ||
    then.files === undefined ||
    then.files.length >= mostCompared ||
    now.files.length >= mostCompared
  ) {
    return { same: false, changedPaths: now.files.map((file) => file.filename).sort() };
  }
  return sameFiles(then.files, now.files);
}
