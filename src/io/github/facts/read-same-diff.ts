import { z } from "zod";
import type { SameDiffFact } from "#core/facts/reviews.ts";
import { isCarriedOver } from "#core/formats/diff/carried-over.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { listCaps } from "../client/caps.ts";
import { GitHubError } from "../client/github-error.ts";
import { asRepository } from "../client/requests.ts";
import { lineageOf } from "./lineage.ts";
import { restFile } from "./parse-files.ts";
import type { PullSource } from "./subject-source.ts";
import { readEntries, type TreeEntry } from "./tree-entries.ts";

/** What a head changes, and since where: remembered of each head that was once seen, for GitHub may forget it. */
export interface HeadChange {
  readonly mergeBase: string;
  readonly tree: string;
  /** Every path that it changes, former names of renamed files too; null: not known. */
  readonly paths: readonly string[] | null;
}

const comparison = z.object({
  merge_base_commit: z.object({ sha: z.string() }),
  files: z.array(restFile).nullish(),
});
const commitShape = z.object({ tree: z.object({ sha: z.string() }) });

/** By REST, for heads that were not seen when they were the head. "not_found" when GitHub has collected the commit. */
export async function readHeadChange(
  github: GitHub,
  repository: RepositoryRecord,
  base: string,
  head: string,
): Promise<HeadChange> {
  const names = { owner: repository.owner, repo: repository.name };
  const as = asRepository(repository);
  const compare = github.endpoint("GET /repos/{owner}/{repo}/compare/{basehead}", {
    ...names,
    basehead: `${base}...${head}`,
    per_page: 1,
    page: 1,
  });
  const commit = github.endpoint("GET /repos/{owner}/{repo}/git/commits/{commit_sha}", {
    ...names,
    commit_sha: head,
  });
  const [{ data }, { data: shown }] = await Promise.all([
    github.rest(as, compare, comparison),
    github.rest(as, commit, commitShape),
  ]);
  const files = data.files ?? [];
  return {
    mergeBase: data.merge_base_commit.sha,
    tree: shown.tree.sha,
    paths:
      data.files === undefined || data.files === null || files.length >= listCaps.comparisonFiles
        ? null
        : files.flatMap((file) => [
            file.filename,
            ...(typeof file.previous_filename === "string" ? [file.previous_filename] : []),
          ]),
  };
}

/** The present head's change by the overview alone; null when it does not tell all of it. */
export async function shownHeadChange(
  source: PullSource,
  head: string,
  paths: () => Promise<readonly string[] | null>,
): Promise<HeadChange | null> {
  const lineage = lineageOf(await source.overview());
  const mergeBase = lineage?.mergeBaseOf(head);
  const tree = lineage?.treeOf(head);
  if (mergeBase === undefined || tree === undefined) return null;
  return { mergeBase, tree, paths: await paths() };
}

const isEqual = (one: TreeEntry | null, other: TreeEntry | null): boolean =>
  one === null || other === null ? one === other : one.mode === other.mode && one.oid === other.oid;

const isFile = ({ mode }: TreeEntry): boolean => mode === "100644" || mode === "100755";

/** Whether one file's change was carried over, from one base to the other, as it was. */
async function isSameChange(
  oldBase: TreeEntry | null,
  reviewed: TreeEntry | null,
  newBase: TreeEntry | null,
  head: TreeEntry | null,
): Promise<boolean> {
  if (isEqual(oldBase, newBase)) return isEqual(reviewed, head);
  if (isEqual(oldBase, reviewed)) return isEqual(newBase, head);
  if (oldBase === null || reviewed === null || newBase === null || head === null) return false;
  if (![oldBase, reviewed, newBase, head].every(isFile)) return false;
  const mode = reviewed.mode === oldBase.mode ? newBase.mode : reviewed.mode;
  if (head.mode !== mode || (newBase.mode !== oldBase.mode && reviewed.mode !== oldBase.mode))
    return false;
  if (reviewed.oid === oldBase.oid) return head.oid === newBase.oid;
  if (newBase.oid === oldBase.oid) return head.oid === reviewed.oid;
  const [a, b, c, d] = await Promise.all(
    [oldBase, reviewed, newBase, head].map((entry) => entry.bytes()),
  );
  return typeof a === "string" &&
    typeof b === "string" &&
    typeof c === "string" &&
    typeof d === "string"
    ? isCarriedOver({ oldBase: a, before: b, newBase: c, after: d })
    : false;
}

const different = (paths: readonly string[] | null): SameDiffFact => ({
  same: false,
  changedPaths: [...new Set(paths ?? [])].sort(),
});

/**
 * Whether the head changes what the reviewed commit changed, at the same places. From the same commit of the base: the
 * same tree, to the last mode and blob. From another one: each file's change carried over through the base's own; what
 * cannot be placed for certain is another change.
 */
export async function compareChanges(
  github: GitHub,
  repository: RepositoryRecord,
  reviewed: HeadChange & { readonly sha: string },
  head: HeadChange & { readonly sha: string },
): Promise<SameDiffFact> {
  if (reviewed.mergeBase === head.mergeBase && reviewed.tree === head.tree)
    return { same: true, changedPaths: [] };
  const paths = [...new Set([...(reviewed.paths ?? []), ...(head.paths ?? [])])];
  if (reviewed.mergeBase === head.mergeBase) return different(paths.length === 1 ? paths : null);
  if (reviewed.paths === null || head.paths === null) return different(null);
  if (paths.length === 0) return { same: true, changedPaths: [] };
  const at = await readEntries(
    github,
    repository,
    [reviewed.mergeBase, reviewed.sha, head.mergeBase, head.sha],
    paths,
  );
  const kept = await Promise.all(
    paths.map((path) =>
      isSameChange(
        at(reviewed.mergeBase, path),
        at(reviewed.sha, path),
        at(head.mergeBase, path),
        at(head.sha, path),
      ),
    ),
  );
  const changed = paths.filter((_, index) => kept[index] !== true);
  return changed.length === 0 ? { same: true, changedPaths: [] } : different(changed);
}

/** null where GitHub does not know the commit any more, which it says with a 404 or a 422. */
export async function collectable<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    if (
      error instanceof GitHubError &&
      (error.code === "not_found" || error.status === 404 || error.status === 422)
    )
      return null;
    throw error;
  }
}
