import type { CoverageFigure, PatchFigure } from "#core/facts/coverage.ts";
import { rangesToShow } from "#core/formats/coverage/patch.ts";
import type { Annotation } from "#core/model/evidence.ts";
import { fail, pending, type Verdict } from "#core/model/verdict.ts";
import { count, listed } from "#core/text/phrases.ts";
import { lookAgainAt, passOnceOver } from "../kit/more-may-come.ts";
import type { Comparison } from "./comparison.ts";
import type { CoverageParams } from "./params.ts";
import type { Provenance } from "./provenance.ts";
import { patchShare, type PatchShare } from "./patch-share.ts";
import { shortfalls } from "./shortfalls.ts";
import type { Figures } from "./figures.ts";
import { percentText, pointsText, requiredCoverage } from "./phrases.ts";

/** More than this no reader uses; the rest is counted. */
const mostAnnotations = 50;

export function figuresVerdict(
  asked: CoverageParams,
  figures: Figures,
  comparison: Comparison | undefined,
  provenance: Provenance,
  now: number,
): Verdict {
  const share = figures.patch === null ? null : patchShare(figures.patch, asked.ignore);
  const { missed, missing } = shortfalls(asked, figures, share, comparison);
  const parts = {
    found: found(
      figures,
      share?.percent === null && asked.patch === undefined ? null : share,
      comparison,
      provenance,
    ),
    required: requiredCoverage(asked),
    annotations: figures.patch === null ? [] : uncoveredLines(figures.patch),
    warnings: warnings(figures, asked.patch === undefined ? [] : (share?.unseen ?? []), provenance),
    evidence: figures.evidence,
  };
  if (missed.length > 0) {
    const first = figures.patch?.uncovered[0];
    return fail({
      ...parts,
      need: missed.join(", "),
      next: `The author adds tests${first === undefined ? "" : `, for example for ${first.path}:${first.from}; uncovered changed lines are annotated`}.`,
    });
  }
  if (missing.length > 0) {
    return pending({
      ...parts,
      need: missing.map(({ what }) => what).join(", "),
      next: missing.map(({ next }) => next).join(" "),
      ...(missing.some((one) => one.mayComeByItself) ? { changesAt: lookAgainAt(now) } : {}),
    });
  }
  return passOnceOver(parts, figures, now);
}

function found(
  figures: Figures,
  share: PatchShare | null,
  comparison: Comparison | undefined,
  { isSelfReported }: Provenance,
): string {
  const { project } = figures;
  return [
    project === null ? "project not reported" : `project ${figureText(project)}`,
    ...(share === null
      ? []
      : [
          share.percent === null
            ? "no measurable line changed"
            : `patch ${figureText({ ...share, percent: share.percent })}`,
        ]),
    ...(comparison?.kind === "alike" ? [baseText(comparison)] : []),
    ...(figures.from === "service" ? ["as its service says"] : []),
    ...(isSelfReported ? ["self-reported"] : []),
  ].join(", ");
}

function baseText({ base, percent, added }: Extract<Comparison, { kind: "alike" }>): string {
  const drop = percent === undefined ? "" : change(base.percent - percent);
  const alike =
    added.length === 0 || percent === undefined
      ? ""
      : ` against ${percentText(percent)} without ${listed(added, 3)}, which the base has not`;
  return `base ${percentText(base.percent)} at ${base.sha.slice(0, 7)}${alike}${drop}`;
}

const change = (drop: number): string =>
  Math.abs(drop) < 1e-9
    ? ""
    : drop > 0
      ? ` (down ${pointsText(drop)})`
      : ` (up ${pointsText(-drop)})`;

function figureText({ percent, covered, valid }: CoverageFigure): string {
  return covered === null || valid === null
    ? percentText(percent)
    : `${percentText(percent)} (${covered} of ${valid})`;
}

function warnings(
  figures: Figures,
  unseen: PatchShare["unseen"],
  { changed, isSelfReported }: Provenance,
): readonly string[] {
  const patch = figures.patch;
  return [
    ...(changed.length === 0
      ? []
      : [
          `the figure comes from ${listed(changed, 3)}, which this pull request changes: look at how it measures`,
        ]),
    ...(isSelfReported && changed.length === 0
      ? [
          `nothing attests this figure: ${listed(figures.workflows, 3)} ran the change's own code, which can write any report`,
        ]
      : []),
    ...(unseen.length === 0
      ? []
      : [
          `${count(unseen.length, "changed file")} that no report shows count as uncovered: ${listed(
            unseen.map(({ path }) => path),
            5,
          )}`,
        ]),
    ...(patch === null || patch.uncoveredRanges <= mostAnnotations
      ? []
      : [
          `${patch.uncoveredRanges} ranges of changed lines are uncovered (${patch.uncoveredLines} lines); the ${mostAnnotations} largest are annotated`,
        ]),
    ...figures.warnings,
  ];
}

function uncoveredLines(patch: PatchFigure): readonly Annotation[] {
  return rangesToShow(patch.uncovered, mostAnnotations).ranges.map(({ path, from, to, lines }) => ({
    path,
    startLine: from,
    endLine: to,
    level: "warning",
    title: "Not covered by tests",
    message:
      from === to
        ? `No test runs line ${from}.`
        : `No test runs lines ${from} to ${to} (${count(lines, "measured line")}).`,
  }));
}
