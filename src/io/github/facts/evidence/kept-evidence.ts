import { z } from "zod";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Artifact, ReportKind } from "./artifacts.ts";
import type { EvidenceContext } from "./evidence-cache.ts";
import { notReplaced } from "./replaced-artifacts.ts";
import { isOver, tookPlaceOf, type WorkflowRun } from "./workflow-runs.ts";

const kinds = ["tests", "coverage", "scan"] as const satisfies readonly ReportKind[];

const keptArtifact = z.object({
  id: z.number(),
  name: z.string(),
  digest: z.string().nullable(),
  attempt: z.number(),
  kinds: z.array(z.enum(kinds)),
});
const keptRun = z.object({
  id: z.number(),
  attempt: z.number(),
  /** Whether its latest attempt ran to its end when it was last seen. */
  over: z.boolean(),
  name: z.string(),
  path: z.string().nullable(),
  workflow: z.string(),
  event: z.string(),
  ref: z.string().optional(),
  startedAt: z.number(),
  fork: z.boolean(),
  artifacts: z.array(keptArtifact),
});
export type KeptRun = z.infer<typeof keptRun>;

const keyOf = (repository: RepositoryRecord, sha: string): string =>
  `evidence:${repository.id}:${sha}`;

const keptIn = (text: string | null): readonly KeptRun[] =>
  text === null ? [] : z.array(keptRun).parse(JSON.parse(text));

/** The runs and reports of a commit that were seen, so that deleting one does not hide it. */
export async function keptEvidence(
  { store }: EvidenceContext,
  repository: RepositoryRecord,
  sha: string,
): Promise<readonly KeptRun[]> {
  return keptIn(await store.records.getValue(keyOf(repository, sha)));
}

/** Of two sightings of a run the later one is kept. */
const later = (before: KeptRun | undefined, run: KeptRun): KeptRun =>
  before !== undefined &&
  (before.attempt > run.attempt || (before.attempt === run.attempt && before.over && !run.over))
    ? before
    : run;

/** The kept runs merged with those seen now. */
export function withSeen(known: readonly KeptRun[], seen: readonly KeptRun[]): readonly KeptRun[] {
  const runs = new Map(known.map((run) => [run.id, run]));
  for (const run of seen) {
    const before = runs.get(run.id);
    const artifacts = new Map((before?.artifacts ?? []).map((one) => [one.id, one]));
    for (const one of run.artifacts) {
      const held = artifacts.get(one.id);
      artifacts.set(one.id, {
        ...(held ?? one),
        kinds: kinds.filter((kind) => held?.kinds.includes(kind) || one.kinds.includes(kind)),
      });
    }
    runs.set(run.id, {
      ...later(before, run),
      artifacts: [...artifacts.values()].sort((a, b) => a.id - b.id),
    });
  }
  return [...runs.values()].sort((a, b) => a.id - b.id);
}

/** Adds what was seen to what is kept; safe beside other processes, and writes nothing if all of it is known. */
export async function keepEvidence(
  { store }: EvidenceContext,
  repository: RepositoryRecord,
  sha: string,
  seen: readonly KeptRun[],
): Promise<void> {
  if (seen.length === 0) return;
  await store.records.changeValue(keyOf(repository, sha), (text) =>
    JSON.stringify(withSeen(keptIn(text), seen)),
  );
}

export const toKeep = (
  run: WorkflowRun,
  repository: RepositoryRecord,
  artifacts: readonly Artifact[] = [],
  kind?: ReportKind,
): KeptRun => ({
  id: run.id,
  attempt: run.attempt,
  over: isOver(run),
  name: run.name,
  path: run.path,
  workflow: run.workflow,
  event: run.event,
  ...(run.ref === undefined ? {} : { ref: run.ref }),
  startedAt: run.startedAt,
  fork: run.headRepository?.id !== repository.id && run.headRepository !== undefined,
  artifacts: artifacts.map(({ id, name, digest }) => ({
    id,
    name,
    digest,
    attempt: run.attempt,
    kinds: kind === undefined ? [] : [kind],
  })),
});

/** A run that was seen and is listed no longer, as it was; one that had not ended counts as stopped. */
export const deletedRun = (
  kept: KeptRun,
  repository: RepositoryRecord,
  sha: string,
): WorkflowRun => ({
  id: kept.id,
  name: kept.name,
  path: kept.path,
  workflow: kept.workflow,
  event: kept.event,
  sha,
  ...(kept.ref === undefined ? {} : { ref: kept.ref }),
  status: "completed",
  conclusion: kept.over ? "success" : "deleted",
  attempt: kept.attempt,
  startedAt: kept.startedAt,
  updatedAt: kept.startedAt,
  url: null,
  repository: repository.id,
  headRepository: kept.fork ? null : { id: repository.id, name: repository.name },
  called: [],
  gone: true,
});

/**
 * Reports that were read and that GitHub lists no longer, where nothing has replaced them. `listed`: what is there now of
 * runs of this commit.
 */
export function goneArtifacts(
  kept: readonly KeptRun[],
  runs: readonly WorkflowRun[],
  listed: readonly Artifact[],
): readonly Artifact[] {
  const byRun = new Map(runs.map((run) => [run.id, run]));
  const there = new Set(listed.map(({ id }) => id));
  return kept.flatMap(({ id, artifacts }) => {
    const run = byRun.get(id);
    if (run === undefined) return [];
    const missing = artifacts.filter((one) => !there.has(one.id));
    if (missing.length === 0) return [];
    // A run that was deleted cannot be run again: another one of its workflow, begun later and over, stands in for it.
    const successors = run.gone
      ? listed.filter((one) => isOver(one.run) && tookPlaceOf(one.run, run))
      : listed.filter((one) => one.run.id === id);
    const same = new Map(successors.map((one) => [one.name, one]));
    const isWhole = run.gone === true || isOver(run) || run.status !== "completed";
    const left = new Set(
      isWhole
        ? notReplaced(
            missing.filter(({ attempt }) => run.gone || attempt < run.attempt),
            successors,
            run.attempt,
          )
        : missing,
    );
    return missing
      .filter(
        (one) =>
          left.has(one) ||
          // Overwritten by the same attempt.
          (isWhole &&
            !run.gone &&
            one.attempt === run.attempt &&
            (same.get(one.name)?.id ?? 0) <= one.id),
      )
      .map((one) => ({
        id: one.id,
        name: one.name,
        bytes: 0,
        expired: true,
        digest: one.digest,
        createdAt: null,
        run,
        gone: one.kinds,
      }));
  });
}
