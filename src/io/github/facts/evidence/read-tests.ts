import type { TestsFact, TestsPlace } from "#core/facts/test-reports.ts";
import { matchesAnyName } from "#core/formats/glob.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { artifactLimits } from "../archive.ts";
import type { Artifact } from "./artifacts.ts";
import {
  download,
  identityOf,
  megabytes,
  selfReported,
  type CommitArtifacts,
} from "./commit-artifacts.ts";
import { type EvidenceContext, placeKey } from "./evidence-cache.ts";
import { expiredReport, layersOf } from "./read-coverage.ts";
import type { TestsResult } from "./tests-archives.ts";

const mostArtifacts = 100;
const mostBytes = 200 * 1024 * 1024;

/** Reads the test reports of one commit, from the artifacts that count as evidence of it. */
export async function readTests(
  context: EvidenceContext,
  repository: RepositoryRecord,
  found: CommitArtifacts,
  { from }: TestsPlace,
): Promise<TestsFact> {
  const wanted = found.artifacts.filter(({ name }) => matchesAnyName(from, name));
  const notes = found.ignored.filter((line) => /\bfork\b|attempt|artifact/.test(line));
  if (wanted.length === 0) return { kind: "absent", waiting: found.waiting, ignored: notes };
  const expired = wanted.find((artifact) => artifact.expired);
  if (expired !== undefined) throw expiredReport(expired.name);
  const tooMuch = sizeProblem(wanted);
  if (tooMuch !== null) return { kind: "unreadable", problems: [tooMuch] };
  // Of a workflow that ran more than once each run tests the whole: the lowest count is what is sure to have run.
  const layers = await Promise.all(
    layersOf(wanted).map((layer) => parseOnce(context, repository, layer)),
  );
  const problems = layers.flatMap((layer) => layer.problems);
  if (problems.length > 0) return { kind: "unreadable", problems: [...new Set(problems)] };
  if (layers.some(({ reports }) => reports === 0))
    return {
      kind: "absent",
      waiting: found.waiting,
      ignored: [
        ...layers.flatMap(({ others }) => others),
        ...wanted.map(({ name }) => `artifact ${name}: holds no JUnit report`),
        ...notes,
      ].slice(0, 20),
    };
  return {
    kind: "read",
    reports: [...new Set(wanted.map(({ name }) => name))].sort(),
    ran: Math.min(...layers.map(({ ran }) => ran)),
    skipped: Math.max(...layers.map(({ skipped }) => skipped)),
    failed: layers.flatMap(({ failed }) => failed),
    failures: layers.reduce((sum, { failures }) => sum + failures, 0),
    flaky: [...new Set(layers.flatMap(({ flaky }) => flaky))],
    waiting: found.waiting,
    evidence: wanted.map(selfReported),
  };
}

/** By content: the same artifacts are read once. */
async function parseOnce(
  context: EvidenceContext,
  repository: RepositoryRecord,
  wanted: readonly Artifact[],
): Promise<TestsResult> {
  const { pool, caches } = context;
  const key = `${placeKey(repository)}tests:${wanted.map(identityOf).sort().join(",")}`;
  try {
    const { result } = await caches.parsed.get(
      key,
      async () =>
        pool.parse({
          kind: "tests",
          archives: await Promise.all(
            wanted.map(async (artifact) => ({
              artifact: artifact.name,
              digest: artifact.digest,
              bytes: await download(context, repository, artifact),
            })),
          ),
        }),
      (parsed) => 50 + (parsed.result.kind === "tested" ? parsed.result.failed.length : 0),
    );
    if (result.kind === "tested") return result;
  } catch (error) {
    if (error instanceof GatehouseError && error.code === "not_found")
      throw expiredReport(wanted.map(({ name }) => name).join(", "));
    throw error;
  }
  throw new GatehouseError("invalid", "test reports were answered by something else");
}

function sizeProblem(artifacts: readonly Artifact[]): string | null {
  const large = artifacts.find((artifact) => artifact.bytes > artifactLimits.archiveBytes);
  if (large !== undefined)
    return `artifact ${large.name} has ${megabytes(large.bytes)}, more than ${megabytes(artifactLimits.archiveBytes)}`;
  if (artifacts.length > mostArtifacts)
    return `${artifacts.length} artifacts of test reports, more than ${mostArtifacts}`;
  const total = artifacts.reduce((sum, artifact) => sum + artifact.bytes, 0);
  return total > mostBytes
    ? `the artifacts of test reports have ${megabytes(total)} together, more than ${megabytes(mostBytes)}`
    : null;
}
