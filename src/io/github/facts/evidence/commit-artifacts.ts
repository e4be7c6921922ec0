import type { RunOrigin } from "#core/facts/run-origin.ts";
import type { Evidence } from "#core/model/evidence.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { type EvidenceContext, placeKey } from "./evidence-cache.ts";
import {
  readArtifacts,
  type Artifact,
  type CountingArtifacts,
  type ReportKind,
} from "./artifacts.ts";
import { asRepository } from "#io/github/client/requests.ts";
import type { FileLimits } from "#io/github/client/exchange-file.ts";
import { artifactLimits } from "../archive.ts";
import { deletedRun, goneArtifacts, keepEvidence, keptEvidence, toKeep } from "./kept-evidence.ts";
import { readRuns, runsThatCount, type WorkflowRun } from "./workflow-runs.ts";

/** The artifacts of one commit that count as evidence of it. */
export interface CommitArtifacts {
  readonly artifacts: readonly Artifact[];
  /** Artifacts that prove nothing, but whose failures count. */
  readonly against: readonly Artifact[];
  readonly runs: readonly WorkflowRun[];
  readonly waiting: readonly string[];
  /** Runs that were stopped before they had reported, in words. */
  readonly cut: readonly string[];
  readonly ignored: readonly string[];
  /** Records that these were read as reports, so that their deletion is noticed. */
  readonly keep: (kind: ReportKind, artifacts: readonly Artifact[]) => Promise<void>;
}

/** Of what is held against the commit, that which is, or was, a report of this kind as far as is known. */
export const heldAgainst = ({ against }: CommitArtifacts, kind: ReportKind): readonly Artifact[] =>
  against.filter(({ gone }) => gone === undefined || gone.includes(kind));

/** How long after a run's end another artifact of it may still come to be listed. */
const uploadsListedMs = 3 * 60_000;

const nothingListed: CountingArtifacts = { counting: [], earlier: [], ignored: [] };

/** Reads the runs of a commit once, and answers for any workflow of it. Of a commit to compare with nothing is kept. */
export function commitArtifacts(
  context: EvidenceContext,
  repository: RepositoryRecord,
  sha: string,
  origin: (runs: readonly WorkflowRun[]) => Promise<RunOrigin>,
  isBase = false,
): (workflow: string | undefined) => Promise<CommitArtifacts> {
  const { github } = context;
  const readAll = async () => {
    const listed = await readRuns(github, repository, sha);
    const kept = isBase ? [] : await keptEvidence(context, repository, sha);
    const ids = new Set(listed.map(({ id }) => id));
    const deleted = kept.flatMap((run) =>
      ids.has(run.id) ? [] : [deletedRun(run, repository, sha)],
    );
    const runs = [...listed, ...deleted];
    const ofChange = await origin(runs);
    const own = runsThatCount(runs, repository.id, sha, undefined, ofChange);
    const known = new Set(kept.map(({ id }) => id));
    // One that was stopped, or goes on, is not forgotten when it is deleted.
    const seen = listed.filter(
      (run) => known.has(run.id) || own.against.includes(run) || own.open.includes(run),
    );
    if (!isBase && seen.length > 0)
      await keepEvidence(
        context,
        repository,
        sha,
        seen.map((run) => toKeep(run, repository)),
      );
    return { runs, kept, ofChange };
  };
  let everything: ReturnType<typeof readAll> | undefined;
  // Writes of several readers are chained, so that none overwrites another's.
  let keeping: Promise<void> = Promise.resolve();
  return async (workflow) => {
    const { runs, kept, ofChange } = await (everything ??= readAll());
    const found = runsThatCount(runs, repository.id, sha, workflow, ofChange);
    const list = (run: WorkflowRun): Promise<CountingArtifacts> =>
      run.gone ? Promise.resolve(nothingListed) : artifactsOf(context, repository, run);
    const counting = await Promise.all(found.counting.map(list));
    const against = isBase ? [] : await Promise.all(found.against.map(list));
    const earlier = counting.flatMap((one) => one.earlier);
    const proving = counting.flatMap((one) => one.counting);
    const beside = against.flatMap((one) => [...one.counting, ...one.earlier]);
    return {
      artifacts: proving,
      against: isBase
        ? []
        : [
            ...earlier,
            ...beside,
            ...goneArtifacts(
              kept,
              [...found.counting, ...found.against],
              [...proving, ...earlier, ...beside],
            ),
          ],
      runs: found.counting.filter((run) => run.gone !== true),
      waiting: found.waiting,
      cut: found.cut,
      ignored: [...found.ignored, ...[...counting, ...against].flatMap((one) => one.ignored)],
      keep: async (kind, artifacts) => {
        const there = artifacts.filter(({ gone }) => gone === undefined);
        if (isBase || there.length === 0) return;
        const ofRuns = [...new Set(there.map(({ run }) => run))];
        const next = keeping.then(() =>
          keepEvidence(
            context,
            repository,
            sha,
            ofRuns.map((run) =>
              toKeep(
                run,
                repository,
                there.filter((one) => one.run === run),
                kind,
              ),
            ),
          ),
        );
        keeping = next.catch(() => undefined);
        await next;
      },
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
