import { isBinary, type Entry, type Files, type ObjectStore } from "./objects.ts";
import { toLines, unifiedPatch } from "./diff.ts";

export interface ChangedFile {
  readonly path: string;
  readonly previous: string | null;
  readonly status: "added" | "removed" | "modified" | "renamed";
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
  /** Absent for binary files and for patches GitHub would find too large to show. */
  readonly patch: string | null;
}

/** GitHub leaves out the patch of a file whose diff is larger than this. */
const maxPatchLength = 1024 * 1024;

function text(store: ObjectStore, entry: Entry | undefined): string | null {
  if (entry === undefined) return "";
  if (entry.mode === "160000") return `Subproject commit ${entry.sha}\n`;
  const bytes = store.blobs.get(entry.sha);
  return bytes === undefined || isBinary(bytes) ? null : bytes.toString("utf8");
}

function describe(
  store: ObjectStore,
  status: ChangedFile["status"],
  path: string,
  previous: string | null,
  before: Entry | undefined,
  after: Entry | undefined,
): ChangedFile {
  const old = text(store, before);
  const now = text(store, after);
  const sha = (after ?? before)?.sha ?? "";
  if (old === null || now === null || before?.sha === after?.sha) {
    return { path, previous, status, sha, additions: 0, deletions: 0, patch: null };
  }
  const patch = unifiedPatch(old, now);
  return {
    path,
    previous,
    status,
    sha,
    additions: patch.additions,
    deletions: patch.deletions,
    patch: patch.text.length > maxPatchLength ? null : patch.text,
  };
}

/** Share of lines two texts have in common, 0 to 1, as git's rename detection estimates it. */
function similarity(a: string, b: string): number {
  const lines = new Map<string, number>();
  const left = toLines(a);
  const right = toLines(b);
  for (const line of left) lines.set(line, (lines.get(line) ?? 0) + 1);
  let same = 0;
  for (const line of right) {
    const count = lines.get(line) ?? 0;
    if (count > 0) {
      same++;
      lines.set(line, count - 1);
    }
  }
  return (2 * same) / (left.length + right.length);
}

function pairRenames(
  store: ObjectStore,
  removed: Map<string, Entry>,
  added: Map<string, Entry>,
): Map<string, string> {
  const pairs = new Map<string, string>();
  const bySha = new Map<string, string[]>();
  for (const [path, entry] of removed)
    bySha.set(entry.sha, [...(bySha.get(entry.sha) ?? []), path]);
  const take = (to: string, from: string): void => {
    pairs.set(to, from);
    removed.delete(from);
  };
  for (const [path, entry] of added) {
    const from = bySha.get(entry.sha)?.shift();
    if (from !== undefined) take(path, from);
  }
  // Git gives up on inexact renames when the matrix grows too large.
  const open = [...added.keys()].filter((path) => !pairs.has(path));
  if (open.length * removed.size > 160_000) return pairs;
  for (const path of open) {
    const now = text(store, added.get(path));
    if (now === null || now === "") continue;
    let best: { readonly from: string; readonly score: number } | null = null;
    for (const [from, entry] of removed) {
      const old = text(store, entry);
      if (old === null || old === "") continue;
      const score = similarity(old, now);
      if (score >= 0.5 && (best === null || score > best.score)) best = { from, score };
    }
    if (best !== null) take(path, best.from);
  }
  return pairs;
}

/** What changed between two trees, sorted by path, renames detected as git does at 50 %. */
export function compareTrees(store: ObjectStore, before: Files, after: Files): ChangedFile[] {
  const removed = new Map<string, Entry>();
  const added = new Map<string, Entry>();
  const changes: ChangedFile[] = [];
  for (const [path, entry] of before) if (!after.has(path)) removed.set(path, entry);
  for (const [path, entry] of after) {
    const old = before.get(path);
    if (old === undefined) added.set(path, entry);
    else if (old.sha !== entry.sha || old.mode !== entry.mode) {
      changes.push(describe(store, "modified", path, null, old, entry));
    }
  }
  for (const [to, from] of pairRenames(store, removed, added)) {
    changes.push(describe(store, "renamed", to, from, before.get(from), added.get(to)));
    added.delete(to);
  }
  for (const [path, entry] of added)
    changes.push(describe(store, "added", path, null, undefined, entry));
  for (const [path, entry] of removed)
    changes.push(describe(store, "removed", path, null, entry, undefined));
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}
