import type { Ask } from "#core/facts/ask.ts";
import { baseTests, testReports, type TestsFact } from "#core/facts/test-reports.ts";
import type { Event } from "#core/model/event.ts";
import { pending, skipped, unknown, type Verdict } from "#core/model/verdict.ts";
import { listed } from "#core/text/phrases.ts";
import { laterIsTighter, lessIsTighter, moreIsTighter, together } from "../kit/direction.ts";
import { editsNoneOf } from "../kit/edited-fields.ts";
import { isBeginOfRun, needOfCut, nextOfCut } from "../kit/more-may-come.ts";
import { nextOfFork } from "../kit/forks-never-count.ts";
import { defineRule, type RuleContext } from "../kit/rule.ts";
import { requiredTests, testsParams, type TestsParams } from "./params.ts";
import { testsVerdict } from "./verdict.ts";

export const tests = defineRule<TestsParams>({
  name: "tests",
  summary: "Enough tests ran on the exact commit, and none failed that is not in quarantine.",
  appliesTo: ["pull_request", "deployment"],
  params: testsParams,
  needs: (params) => [
    testReports,
    ...(params.not_fewer_than_base === undefined && params.if_absent === "pending"
      ? []
      : [baseTests]),
  ],
  judge,
  isAffectedBy: (event: Event, { if_absent: absent }) =>
    !editsNoneOf(event, ["base"]) && (absent === "skip" || !isBeginOfRun(event)),
  compare: (organization, repository) =>
    together(
      moreIsTighter(organization.min, repository.min),
      lessIsTighter(organization.max_failed, repository.max_failed),
      moreIsTighter(organization.not_fewer_than_base, repository.not_fewer_than_base),
      // Other reports are other tests: whether that asks for more cannot be told.
      JSON.stringify(organization.from) === JSON.stringify(repository.from) ? "same" : "looser",
      laterIsTighter(["skip", "pending"], organization.if_absent, repository.if_absent),
    ),
  describe: requiredTests,
});

function judge(context: RuleContext<TestsParams>, ask: Ask): Verdict | undefined {
  const { params, subject, policy, now } = context;
  const place = { from: params.from };
  const required = requiredTests(params);
  const hasBase = subject.kind !== "deployment";
  const fact = ask(testReports.need(place));
  if (fact === undefined) return undefined;
  switch (fact.kind) {
    case "absent": {
      const asksBase = params.if_absent === "skip" && mayBeAbsent(fact);
      // Where the base, or what was deployed before, has a report, one is expected here: leaving it out is no way out.
      const base = asksBase ? ask(baseTests.need(place)) : null;
      return base === undefined ? undefined : absent(params, fact, base !== null);
    }
    case "unreadable":
      return unknown({
        found: listed(fact.problems, 3),
        required,
        need: `a test report cannot be read: ${fact.problems[0] ?? "nobody knows why"}`,
        next: "The author repairs the step that writes the report: what cannot be read may be a failure.",
        warnings: fact.problems.slice(1, 10),
      });
    case "read": {
      const base =
        params.not_fewer_than_base === undefined || !hasBase ? "off" : ask(baseTests.need(place));
      if (base === undefined) return undefined;
      return testsVerdict({ params, fact, base, quarantine: policy.quarantine ?? [], now });
    }
  }
}

/** Nothing was there that may have held a report. */
const mayBeAbsent = ({ waiting, cut = [], ignored }: Extract<TestsFact, { kind: "absent" }>) =>
  waiting.length === 0 && cut.length === 0 && ignored.length === 0;

function absent(
  params: TestsParams,
  fact: Extract<TestsFact, { kind: "absent" }>,
  isTestedOnBase: boolean,
): Verdict {
  const required = requiredTests(params);
  const waits = fact.waiting.length > 0;
  const { cut = [] } = fact;
  const found = waits
    ? `no report yet; ${listed(fact.waiting, 3)} still running`
    : fact.ignored.length > 0
      ? `no report that counts (${listed(fact.ignored, 3)})`
      : "no report";
  if (params.if_absent === "skip" && mayBeAbsent(fact) && !isTestedOnBase)
    return skipped({ found: `${found}: nothing reports tests here`, required });
  return pending({
    found,
    required,
    need: waits
      ? "waiting for the test report"
      : cut.length > 0
        ? needOfCut(cut)
        : "no test report of this commit",
    next: waits
      ? `${listed(fact.waiting, 3)} will report by itself; Gatehouse judges again when the run ends.`
      : (nextOfFork(fact.ignored) ??
        (cut.length > 0 ? nextOfCut : undefined) ??
        `The author lets a workflow of this repository upload its JUnit report as an artifact ${listed(params.from, 3)}, or runs it again on this commit.`),
    warnings: fact.ignored.slice(0, 10),
  });
}
