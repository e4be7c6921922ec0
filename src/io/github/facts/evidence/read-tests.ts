import type { TestsFact, TestsPlace } from "#core/facts/test-reports.ts";
import { matchesAnyName } from "#core/formats/glob.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { sizeProblem } from "./artifact-sizes.ts";
import type { Artifact } from "./artifacts.ts";
import { heldAgainst, selfReported, type CommitArtifacts } from "./commit-artifacts.ts";
import type { EvidenceContext } from "./evidence-cache.ts";
import { type NamesBefore, unexplainedFailures } from "./failed-runs.ts";
import { expiredReport, lostReport, parseOnce, type Unread } from "./parse-once.ts";
import { layersOf } from "./run-layers.ts";
import type { TestsResult } from "./tests-archives.ts";

const mostArtifacts = 100;

/** What does not count and may have held a report, or held one; a run whose jobs were all skipped has none. */
export const mayHaveReported =
  /\bfork\b|attempt|artifact|: waits for somebody$|: ended as (?!skipped$)/;

export interface TestsOf {
  /** Of a commit to compare with: where its reports have expired, an earlier one will do. */
  readonly isBase?: boolean | undefined;
  readonly before?: NamesBefore | undefined;
}

/** Reads the test reports of one commit, from the artifacts that count as evidence of it. */
export async function readTests(
  context: EvidenceContext,
  repository: RepositoryRecord,
  found: CommitArtifacts,
  { from }: TestsPlace,
  { isBase = false, before = async () => null }: TestsOf = {},
): Promise<TestsFact> {
  const wanted = found.artifacts.filter(({ name }) => matchesAnyName(from, name));
  const against = heldAgainst(found, "tests").filter(({ name }) => matchesAnyName(from, name));
  const all = [...wanted, ...against];
  const notes = found.ignored.filter((line) => mayHaveReported.test(line));
  const { waiting, cut } = found;
  const absent: TestsFact = { kind: "absent", waiting, cut, ignored: notes };
  if (all.length === 0) return absent;
  await found.keep("tests", all);
  const deleted = all.find((artifact) => artifact.gone !== undefined);
  if (deleted !== undefined) throw lostReport(deleted);
  const tooMuch = sizeProblem(all, "artifacts of test reports", mostArtifacts);
  if (tooMuch !== null) return { kind: "unreadable", problems: [tooMuch] };
  // Of a workflow that ran more than once each run tests the whole: the lowest count is what is sure to have run.
  const [read, held] = await Promise.all([
    Promise.all(layersOf(wanted).map((layer) => readOnce(context, repository, layer))),
    Promise.all(against.map((artifact) => readOnce(context, repository, [artifact]))),
  ]);
  const missing = [...read, ...held].find((layer) => layer.kind === "expired");
  if (missing !== undefined) {
    if (isBase) return absent;
    throw expiredReport(missing.names);
  }
  const isTested = (layer: TestsResult | Unread): layer is TestsResult => layer.kind === "tested";
  const layers = read.filter(isTested);
  const bad = held.filter(isTested).filter(({ failures }) => failures > 0);
  const problems = [...read, ...held].flatMap((layer) =>
    layer.kind === "problem" ? [layer.problem] : layer.kind === "tested" ? layer.problems : [],
  );
  if (problems.length > 0) return { kind: "unreadable", problems: [...new Set(problems)] };
  const isWithout = layers.length === 0 || layers.some(({ reports }) => reports === 0);
  if (isWithout && bad.length === 0)
    return {
      ...absent,
      ignored: [
        ...layers.flatMap(({ others }) => others),
        ...wanted.map(({ name }) => `artifact ${name}: holds no JUnit report`),
        ...against.map(({ name, run }) => `artifact ${name} of run ${run.id}: proves nothing`),
        ...notes,
      ].slice(0, 20),
    };
  const counted = [...layers, ...bad];
  const unexplained = isBase
    ? []
    : await unexplainedFailures(context, repository, {
        reports: wanted,
        isReport: (name) => matchesAnyName(from, name),
        before,
        failuresOf: (run) =>
          failuresIn(
            context,
            repository,
            wanted.filter((artifact) => artifact.run === run),
          ),
      });
  return {
    kind: "read",
    reports: [...new Set(all.map(({ name }) => name))].sort(),
    ran: isWithout ? 0 : Math.min(...layers.map(({ ran }) => ran)),
    skipped: Math.max(0, ...layers.map(({ skipped }) => skipped)),
    failed: counted.flatMap(({ failed }) => failed),
    failures: counted.reduce((sum, { failures }) => sum + failures, 0),
    flaky: [...new Set(layers.flatMap(({ flaky }) => flaky))],
    waiting,
    cut,
    ...(unexplained.length === 0 ? {} : { unexplained }),
    evidence: all.map(selfReported),
  };
}

/** How many failures test reports show; none where they cannot be read. */
export async function failuresIn(
  context: EvidenceContext,
  repository: RepositoryRecord,
  reports: readonly Artifact[],
): Promise<number> {
  if (reports.length === 0 || sizeProblem(reports, "artifacts", mostArtifacts) !== null) return 0;
  const read = await readOnce(context, repository, reports);
  return read.kind === "tested" ? read.failures : 0;
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
