import { createHash } from "node:crypto";
import { branchRef } from "#core/facts/run-origin.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { nearestWith } from "./ancestry.ts";
import { commitArtifacts, type CommitArtifacts } from "./commit-artifacts.ts";
import { type Change, type EvidenceContext, placeKey } from "./evidence-cache.ts";

/** Where a change left its base branch, or what stands before a deployed commit. */
export type Line = Pick<Change, "mergeBase" | "baseRef">;

/** A figure of a commit that is kept in our own store, so that it costs no call once the commit is on the base branch. */
export interface Figure<V> {
  readonly keyOf: (sha: string) => string;
  /** From what was kept; undefined where it is not understood, and read again. */
  readonly parse: (text: string) => V | undefined;
  /** Reads it, and keeps it; null: the commit has none. */
  readonly read: (
    sha: string,
    artifacts: (workflow: string | undefined) => Promise<CommitArtifacts>,
  ) => Promise<V | null>;
}

export const figureKey = (
  what: string,
  repository: RepositoryRecord,
  sha: string,
  place: unknown,
): string =>
  `${what}:${repository.id}:${sha}:${createHash("sha256").update(JSON.stringify(place)).digest("hex").slice(0, 12)}`;

export async function keepFigure(
  { store }: EvidenceContext,
  key: string,
  text: string,
): Promise<void> {
  if ((await store.records.getValue(key)) !== text) await store.records.setValue(key, text);
}

/** The figure of the merge base, or of the nearest ancestor on the base branch that has one. */
export async function nearestFigure<V>(
  context: EvidenceContext,
  repository: RepositoryRecord,
  line: Line,
  { keyOf, parse, read }: Figure<V>,
): Promise<{ readonly sha: string; readonly value: V } | null> {
  const { unmeasured } = context.caches;
  const noteKey = (sha: string): string => `${placeKey(repository)}${keyOf(sha)}`;
  return nearestWith(
    context,
    { repository, mergeBase: await line.mergeBase(), branch: await line.baseRef() },
    async (sha) => {
      const text = await context.store.records.getValue(keyOf(sha));
      const known = text === null ? undefined : parse(text);
      return known ?? (unmeasured.get(noteKey(sha)) === undefined ? undefined : null);
    },
    async (sha) => {
      const artifacts = commitArtifacts(
        context,
        repository,
        sha,
        async () => ({
          refs: new Set([branchRef(await line.baseRef())]),
          base: null,
          asking: null,
        }),
        true,
      );
      const value = await read(sha, artifacts);
      // A commit without a report is not looked at again for a while.
      if (value === null) unmeasured.put(noteKey(sha), "no report");
      return value;
    },
  );
}
