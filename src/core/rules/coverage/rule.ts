import { baseCoverage, type CoverageFact, coverageReport } from "#core/facts/coverage.ts";
import { baseFile, changedFiles, headFile } from "#core/facts/pull-request.ts";
import { coverageServices } from "#core/formats/coverage/service-text.ts";
import { matchesName } from "#core/formats/glob.ts";
import type { Event } from "#core/model/event.ts";
import { fail, pending, skipped, unknown, type Verdict } from "#core/model/verdict.ts";
import { isBeginOfRun, needOfCut, nextOfCut } from "../kit/more-may-come.ts";
import { nextOfFork } from "../kit/forks-never-count.ts";
import { namesOf } from "../kit/changed-names.ts";
import { type CoverageParams, coverageParams, placeOf } from "./params.ts";
import { provenanceOf } from "./provenance.ts";
import { compareCoverage } from "./comparison.ts";
import { figuresVerdict } from "./verdict.ts";
import { requiredCoverage } from "./phrases.ts";
import { sharesOfOne } from "./shares.ts";
import {
  fewerMembersAreTighter,
  laterIsTighter,
  lessIsTighter,
  moreIsTighter,
  together,
  trueIsTighter,
} from "../kit/direction.ts";
import { editsNoneOf } from "../kit/edited-fields.ts";
import type { Ask } from "#core/facts/ask.ts";
import { listed } from "#core/text/phrases.ts";
import { defineRule, type Direction, type RuleContext } from "../kit/rule.ts";

export const coverage = defineRule<CoverageParams>({
  name: "coverage",
  summary: "Enough lines are covered by tests, measured on the exact head commit.",
  appliesTo: ["pull_request"],
  params: coverageParams,
  needs: (params) => [
    coverageReport,
    changedFiles,
    ...(params.trusted || params.measured_by !== undefined ? [headFile, baseFile] : []),
    ...(params.max_drop === undefined && params.if_absent === "pending" ? [] : [baseCoverage]),
  ],
  judge,
  isAffectedBy: hears,
  doubts: sharesOfOne,
  compare: (organization, repository) =>
    together(
      moreIsTighter(organization.project, repository.project),
      moreIsTighter(organization.patch, repository.patch),
      lessIsTighter(organization.max_drop, repository.max_drop),
      sameOrLooser(organization.flags, repository.flags),
      sameOrLooser(organization.from, repository.from),
      trueIsTighter(organization.trusted, repository.trusted),
      fewerOrAny(organization.measured_by, repository.measured_by),
      fewerMembersAreTighter(organization.ignore, repository.ignore),
      laterIsTighter(["skip", "pending"], organization.if_absent, repository.if_absent),
    ),
  describe: requiredCoverage,
});

/** Other reports are another measurement: whether it asks for more cannot be told. */
const sameOrLooser = (ours: unknown, theirs: unknown): Direction =>
  JSON.stringify(ours) === JSON.stringify(theirs) ? "same" : "looser";

/** Left out means any. */
function fewerOrAny(
  organization: readonly string[] | undefined,
  repository: readonly string[] | undefined,
): Direction {
  if (organization === undefined) return repository === undefined ? "same" : "tighter";
  return repository === undefined ? "looser" : fewerMembersAreTighter(organization, repository);
}

function judge({ params, now }: RuleContext<CoverageParams>, ask: Ask): Verdict | undefined {
  const place = placeOf(params);
  const report = ask(coverageReport.need(place));
  if (report === undefined) return undefined;
  switch (report.kind) {
    case "absent": {
      // A repository that measures its base branch must measure the change, too, so that leaving the report out
      // gains nothing.
      const known =
        params.if_absent === "skip" && mayBeAbsent(report) ? ask(baseCoverage.need(place)) : null;
      return known === undefined ? undefined : absent(params, report, known !== null);
    }
    case "unusable":
      return fail({
        found: listed(report.problems, 3),
        required: requiredCoverage(params),
        need: `coverage was not measured: ${report.problems[0] ?? "the report is unusable"}`,
        next: "The author repairs the step that writes the report; nothing measured is never a pass.",
        warnings: report.problems.slice(1, 10),
      });
    case "figures": {
      const base = params.max_drop === undefined ? undefined : ask(baseCoverage.need(place));
      const files = report.workflows.length === 0 ? [] : ask(changedFiles.need());
      if ((params.max_drop !== undefined && base === undefined) || files === undefined)
        return undefined;
      const comparison =
        base === undefined
          ? undefined
          : compareCoverage(report, base, (artifacts) =>
              ask(coverageReport.need({ ...place, artifacts })),
            );
      if (base !== undefined && comparison === undefined) return undefined;
      const provenance = provenanceOf(params, report, new Set(files.flatMap(namesOf)), ask);
      if (provenance === undefined) return undefined;
      if (provenance.objection !== null) {
        const { kind, ...objection } = provenance.objection;
        const parts = {
          ...objection,
          required: `${requiredCoverage(params)}${params.measured_by === undefined ? ", workflow unchanged, with all that it uses here" : ""}`,
          evidence: report.evidence,
        };
        return kind === "unknown" ? unknown(parts) : pending(parts);
      }
      return figuresVerdict(params, report, comparison, provenance, now);
    }
  }
}

/** Whether nothing was found that could have held a report. */
const mayBeAbsent = ({ waiting, cut = [], ignored }: Extract<CoverageFact, { kind: "absent" }>) =>
  waiting.length === 0 && cut.length === 0 && ignored.length === 0;

function absent(
  params: CoverageParams,
  report: Extract<CoverageFact, { kind: "absent" }>,
  isMeasuredOnBase: boolean,
): Verdict {
  const required = requiredCoverage(params);
  const { cut = [] } = report;
  const found =
    report.waiting.length > 0
      ? `no report yet; ${listed(report.waiting, 3)} still running`
      : report.ignored.length > 0
        ? `no report that counts (${listed(report.ignored, 3)})`
        : "no report";
  if (params.if_absent === "skip" && mayBeAbsent(report) && !isMeasuredOnBase)
    return skipped({ found: `${found}: not measured here`, required });
  return pending({
    found,
    required,
    need:
      report.waiting.length > 0
        ? "waiting for the coverage report"
        : cut.length > 0
          ? needOfCut(cut)
          : "no coverage report of this commit",
    next:
      report.waiting.length > 0
        ? `${listed(report.waiting, 3)} will report by itself; Gatehouse judges again when the run ends.`
        : (nextOfFork(report.ignored) ??
          (cut.length > 0 ? nextOfCut : undefined) ??
          (isMeasuredOnBase
            ? "The base branch is measured, so this commit has to be: the author lets the workflow upload its report again."
            : `The author lets a workflow of this repository upload its report as an artifact ${params.from?.artifact ?? "coverage*"}, or runs it again on this commit.`)),
    warnings: report.ignored.slice(0, 10),
  });
}

/**
 * A burst of check events must not wake this rule: reports come with the end of a workflow run, and of checks only those
 * that a known service may have made are looked at.
 */
function hears(event: Event, params: CoverageParams): boolean {
  if (editsNoneOf(event, ["base"])) return false;
  if (isBeginOfRun(event)) return params.if_absent === "skip";
  const name = event.check?.name ?? null;
  if (name === null || (!event.name.startsWith("check_run") && event.name !== "status"))
    return true;
  if (!coverageServices.some((service) => service.name.test(name.slice(0, 300)))) return false;
  const wanted = event.name === "status" ? params.from?.status : params.from?.check;
  return params.from === undefined || (wanted !== undefined && matchesName(wanted, name));
}
