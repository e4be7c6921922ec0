import type { TestsFact, TestsPlace } from "#core/facts/test-reports.ts";
import { matchesAnyName } from "#core/formats/glob.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { sizeProblem } from "./artifact-sizes.ts";
import type { Artifact } from "./artifacts.ts";
import { selfReported, type CommitArtifacts } from "./commit-artifacts.ts";
import type { EvidenceContext } from "./evidence-cache.ts";
import { expiredReport, parseOnce, type Unread } from "./parse-once.ts";
import { layersOf } from "./run-layers.ts";
import type { TestsResult } from "./tests-archives.ts";

const mostArtifacts = 100;

/** What does not count and may have held a report, or held one; a run whose jobs were all skipped has none. */
const mayHaveReported = /\bfork\b|attempt|artifact|: waits for somebody$|: ended as (?!skipped$)/;

/**
 * Reads the test reports of one commit, from the artifacts that count as evidence of it. `isBase`: of a commit to compare
 * with; where its reports have expired, an earlier one will do.
 */
export async function readTests(
  context: EvidenceContext,
  repository: RepositoryRecord,
  found: CommitArtifacts,
  { from }: TestsPlace,
  isBase = false,
): Promise<TestsFact> {
  const wanted = found.artifacts.filter(({ name }) => matchesAnyName(from, name));
  const notes = found.ignored.filter((line) => mayHaveReported.test(line));
  const absent: TestsFact = { kind: "absent", waiting: found.waiting, ignored: notes };
  const gone = (names: string): TestsFact => {
    if (isBase) return absent;
    throw expiredReport(names);
  };
  if (wanted.length === 0) return absent;
  const expired = wanted.find((artifact) => artifact.expired);
  if (expired !== undefined) return gone(expired.name);
  const tooMuch = sizeProblem(wanted, "artifacts of test reports", mostArtifacts);
  if (tooMuch !== null) return { kind: "unreadable", problems: [tooMuch] };
  // Of a workflow that ran more than once each run tests the whole: the lowest count is what is sure to have run.
  const read = await Promise.all(
    layersOf(wanted).map((layer) => readOnce(context, repository, layer)),
  );
  const missing = read.find((layer) => layer.kind === "expired");
  if (missing !== undefined) return gone(missing.names);
  const layers = read.filter((layer) => layer.kind === "tested");
  const problems = read.flatMap((layer) =>
    layer.kind === "problem" ? [layer.problem] : layer.kind === "tested" ? layer.problems : [],
  );
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
const readOnce = (
  context: EvidenceContext,
  repository: RepositoryRecord,
  wanted: readonly Artifact[],
): Promise<TestsResult | Unread> =>
  parseOnce(context, repository, wanted, {
    key: "tests",
    taskOf: (archives) => ({ kind: "tests", archives }),
    narrow: (result) => (result.kind === "tested" ? result : undefined),
    weigh: (result) => 50 + (result.kind === "tested" ? result.failed.length : 0),
  });
