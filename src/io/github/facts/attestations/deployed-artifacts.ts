import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Artifact } from "../evidence/artifacts.ts";
import { artifactsOf } from "../evidence/commit-artifacts.ts";
import type { EvidenceContext } from "../evidence/evidence-cache.ts";
import { readRuns, whyNotOurs, type WorkflowRun } from "../evidence/workflow-runs.ts";

/** The artifacts of a deployed commit. `deploying` are those of the run that deploys. */
export interface DeployedArtifacts {
  readonly deploying: readonly Artifact[];
  readonly others: readonly Artifact[];
  /** Workflows that still run. */
  readonly waiting: readonly string[];
  readonly ignored: readonly string[];
}

/**
 * Threat T22: only this repository's own runs of exactly this commit, of each workflow the newest. Unlike a report, an
 * attested artifact may be of a run that goes on: the run that deploys waits for our answer, and what a stranger's event
 * started is told apart by the attestation itself.
 */
export async function deployedArtifacts(
  context: EvidenceContext,
  repository: RepositoryRecord,
  sha: string,
  runId: number | null,
): Promise<DeployedArtifacts> {
  const runs = await readRuns(context.github, repository, sha);
  const ignored: string[] = [];
  const own: WorkflowRun[] = [];
  for (const run of runs) {
    const foreign = whyNotOurs(run, repository.id, sha);
    if (foreign === null) own.push(run);
    else ignored.push(`${run.name} (run ${run.id}): ${foreign}`);
  }
  const chosen = newestByWorkflow(own, runId);
  const read = await Promise.all(
    chosen.map(async (run) => ({ run, list: await artifactsOf(context, repository, run) })),
  );
  const of = (deploys: boolean): readonly Artifact[] =>
    read.filter(({ run }) => (run.id === runId) === deploys).flatMap(({ list }) => list.counting);
  return {
    deploying: of(true),
    others: of(false),
    waiting: chosen
      .filter(({ id, status }) => id !== runId && status !== "completed" && status !== "waiting")
      .map(({ name }) => name),
    ignored: [...ignored, ...read.flatMap(({ list }) => list.ignored)],
  };
}

/** Of its own workflow the run that deploys counts, also when a newer one was started since. */
function newestByWorkflow(
  runs: readonly WorkflowRun[],
  runId: number | null,
): readonly WorkflowRun[] {
  const newest = new Map<string, WorkflowRun>();
  for (const run of runs) {
    const known = newest.get(run.workflow);
    if (known === undefined || run.id === runId || (known.id !== runId && run.id > known.id))
      newest.set(run.workflow, run);
  }
  return [...newest.values()];
}
