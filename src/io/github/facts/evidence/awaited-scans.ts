import type { AwaitedScan } from "#core/facts/findings.ts";
import {
  type CodeScanningAnalysis,
  toolsThatScanned,
  uploaderOf,
} from "#core/formats/findings/github/code-scanning.ts";
import { kindOf, toolId } from "#core/formats/findings/tool-name.ts";
import type { CommitArtifacts } from "./commit-artifacts.ts";
import type { EvidenceContext, Judged } from "./evidence-cache.ts";
import { mayHaveReported } from "./read-tests.ts";

/** So long a scan that may never come is waited for: its workflow may be gone, or leave this change out by its paths. */
const patienceMs = 30 * 60_000;

/** The runs of one workflow on the judged commit. */
export type RunsOf = (workflow: string) => Promise<CommitArtifacts>;

/** What may still come, or was stopped, of what is awaited. */
export interface Awaited {
  readonly awaited: readonly AwaitedScan[];
  readonly waiting: readonly string[];
  readonly cut: readonly string[];
}

/**
 * Tools that analysed an earlier head of the pull request, and not this one. The wait has an end only where nothing of
 * theirs has begun on this commit: a run that goes on, failed or was stopped owes its analysis, and so does a workflow
 * that the change itself edits, for otherwise its author would switch the scanner off.
 */
export async function awaitedScans(
  context: EvidenceContext,
  judged: Judged,
  analyses: readonly CodeScanningAnalysis[],
  scanned: ReadonlySet<string>,
  runsOf: RunsOf,
  changed: () => Promise<readonly string[]>,
): Promise<Awaited> {
  const before = toolsThatScanned(
    analyses.filter(({ ref }) => ref?.startsWith("refs/pull/") === true),
    analyses.map((analysis) => analysis.commit_sha),
  ).scanned.filter(({ tool }) => !scanned.has(tool));
  if (before.length === 0) return { awaited: [], waiting: [], cut: [] };
  const until = (await firstMissed(context, judged)) + patienceMs;
  const paths = new Set(await changed());
  const each = await Promise.all(
    before.map(async ({ tool }) => {
      const workflows = uploadersOf(tool, analyses);
      const runs = await Promise.all(workflows.map(runsOf));
      const waiting = runs.flatMap((one) => one.waiting);
      const cut = runs.flatMap((one) => one.cut);
      const isOwed =
        runs.some(
          (one) => one.runs.length > 0 || one.ignored.some((line) => mayHaveReported.test(line)),
        ) ||
        waiting.length + cut.length > 0 ||
        workflows.some((path) => paths.has(path));
      const scan = { tool, kinds: [kindOf(tool, [])] };
      return { scan: isOwed ? scan : { ...scan, until }, waiting, cut };
    }),
  );
  return {
    awaited: each.map(({ scan }) => scan),
    waiting: [...new Set(each.flatMap(({ waiting }) => waiting))],
    cut: [...new Set(each.flatMap(({ cut }) => cut))],
  };
}

/** Workflow files that uploaded the tool's analyses, GitHub's own among them. */
const uploadersOf = (
  tool: string,
  analyses: readonly CodeScanningAnalysis[],
): readonly string[] => [
  ...new Set(
    analyses.flatMap((one) => (toolId(one.tool.name) === tool ? (uploaderOf(one) ?? []) : [])),
  ),
];

/** When a scan of this head was missed first. */
async function firstMissed({ store, clock }: EvidenceContext, judged: Judged): Promise<number> {
  const sha = await judged.source.sha();
  const number = judged.pull === null ? "" : (await judged.pull.pull()).pullRequest.number;
  const text = await store.records.changeValue(
    `scan-missed:${judged.repository.id}:${number}:${sha}`,
    (known) => (known === null ? String(clock.now()) : null),
  );
  return Number(text ?? clock.now());
}
