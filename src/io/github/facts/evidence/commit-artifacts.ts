import type { RunOrigin } from "#core/facts/run-origin.ts";
import type { Evidence } from "#core/model/evidence.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { type EvidenceContext, placeKey } from "./evidence-cache.ts";
import { readArtifacts, type Artifact, type CountingArtifacts } from "./artifacts.ts";
import { asRepository } from "#io/github/client/requests.ts";
import type { FileLimits } from "#io/github/client/exchange-file.ts";
import { artifactLimits } from "../archive.ts";
import { readRuns, runsThatCount, type WorkflowRun } from "./workflow-runs.ts";

/** The artifacts of one commit that count as evidence of it. */
export interface CommitArtifacts {
  readonly artifacts: readonly Artifact[];
  readonly runs: readonly WorkflowRun[];
  readonly waiting: readonly string[];
  readonly ignored: readonly string[];
}

/** How long after a run's end another artifact of it may still come to be listed. */
const uploadsListedMs = 3 * 60_000;

/** Reads the runs of a commit once, and answers for any workflow of it. */
export function commitArtifacts(
  context: EvidenceContext,
  repository: RepositoryRecord,
  sha: string,
  origin: (runs: readonly WorkflowRun[]) => Promise<RunOrigin>,
): (workflow: string | undefined) => Promise<CommitArtifacts> {
  const { github } = context;
  let runs: Promise<readonly WorkflowRun[]> | undefined;
  return async (workflow) => {
    const all = await (runs ??= readRuns(github, repository, sha));
    const { counting, waiting, ignored } = runsThatCount(
      all,
      repository.id,
      sha,
      workflow,
      await origin(all),
    );
    const lists = await Promise.all(counting.map((run) => artifactsOf(context, repository, run)));
    return {
      artifacts: lists.flatMap((list) => list.counting),
      runs: counting,
      waiting,
      ignored: [...ignored, ...lists.flatMap((list) => list.ignored)],
    };
  };
}

/** Of a finished attempt they do not change any more; a run that goes on may upload another. */
export async function artifactsOf(
  { github, clock, caches }: EvidenceContext,
  repository: RepositoryRecord,
  run: WorkflowRun,
): Promise<CountingArtifacts> {
  const read = (): Promise<CountingArtifacts> => readArtifacts(github, repository, run);
  if (run.status !== "completed") return read();
  const key = `${placeKey(repository)}${run.id}:${run.attempt}`;
  const list = await caches.artifacts.get(key, read, (known) => 1 + known.counting.length);
  // GitHub lists an upload a moment later than it says that the run has ended: one is there, another may follow.
  const age = github.toServerTime(clock.now()) - run.updatedAt;
  if (list.counting.length === 0 || age < uploadsListedMs)
    caches.artifacts.drop((one) => one === key);
  return list;
}

/** 100 MB at 600 KB a second still arrive; a worker is not held longer than that by one archive. */
const downloadLimits: FileLimits = {
  maxBytes: artifactLimits.archiveBytes,
  idleMs: 15_000,
  totalMs: 180_000,
};

/** Downloads an artifact's archive; the token goes to GitHub only. Throws "not_found" for an expired one, "incomplete" for one that is too large. */
export function download(
  context: EvidenceContext,
  repository: RepositoryRecord,
  artifact: Artifact,
): Promise<Uint8Array> {
  const { github, caches } = context;
  const request = github.endpoint(
    "GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}",
    {
      owner: repository.owner,
      repo: repository.name,
      artifact_id: artifact.id,
      archive_format: "zip",
    },
  );
  return caches.downloads.get(
    `${placeKey(repository)}${artifact.id}`,
    () => github.file(asRepository(repository), request, downloadLimits),
    (bytes) => bytes.byteLength,
  );
}

/** An artifact never changes: its id and digest stand for its content. */
export const identityOf = ({ id, digest }: Artifact): string => `${id}@${digest ?? ""}`;

export const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1024 / 1024)} MB`;

/** Threat T23: a run executes the change's own code, which can write any report; the reader is told so. */
export function selfReported({ name, run, digest }: Artifact): Evidence {
  return {
    label: `artifact ${name} of ${run.path ?? run.name}, run ${run.id}, attempt ${run.attempt}: self-reported, nothing attests it`,
    sha: run.sha,
    ...(run.url === null ? {} : { url: run.url }),
    ...(digest === null ? {} : { digest }),
  };
}
