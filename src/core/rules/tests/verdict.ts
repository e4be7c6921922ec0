import type { TestsFact } from "#core/facts/test-reports.ts";
import type { FailedCase } from "#core/formats/tests/junit.ts";
import { applyQuarantine, type Quarantined } from "#core/formats/tests/quarantine.ts";
import type { Annotation } from "#core/model/evidence.ts";
import { fail, pending, type Verdict } from "#core/model/verdict.ts";
import { count, listed, quoted, short } from "#core/text/phrases.ts";
import { lookAgainAt, passOnceOver } from "../kit/more-may-come.ts";
import { requiredTests, type TestsParams } from "./params.ts";

const mostAnnotations = 50;

export interface TestsJudged {
  readonly params: TestsParams;
  readonly fact: Extract<TestsFact, { kind: "read" }>;
  /** null: no base has a report; `off`: it is not compared. */
  readonly base: { readonly ran: number; readonly sha: string } | null | "off";
  readonly quarantine: readonly Quarantined[];
  readonly now: number;
}

/** What the reports say against what is asked. More failures than are told one by one count as they are. */
export function testsVerdict({ params, fact, base, quarantine, now }: TestsJudged): Verdict {
  const applied = applyQuarantine(fact.failed, quarantine, now);
  const failing = applied.counting.length + (fact.failures - fact.failed.length);
  const names = applied.counting.map(nameOf);
  const parts = {
    required: requiredTests(params),
    found: [
      `${count(fact.ran, "test")} ran`,
      `${failing} failed`,
      ...(applied.accepted.length === 0 ? [] : [`${applied.accepted.length} failed in quarantine`]),
      ...(fact.skipped === 0 ? [] : [`${fact.skipped} skipped`]),
      ...(fact.flaky.length === 0 ? [] : [`${fact.flaky.length} flaky`]),
      ...(failing === 0 ? [] : [listed(names, 3)]),
    ].join(", "),
    evidence: fact.evidence,
    warnings: [
      ...applied.expired.map(
        ({ test, owner, until }) =>
          `quarantine of ${quoted(test)} by ${owner} ended on ${until} (UTC) and counts for nothing`,
      ),
      ...applied.accepted
        .slice(0, 20)
        .map(
          ({ failed, by }) =>
            `${nameOf(failed)} failed, in quarantine by ${by.owner} through ${by.until} (UTC): ${by.reason}`,
        ),
      ...(fact.flaky.length === 0
        ? []
        : [
            `passed only when tried again: ${listed(
              fact.flaky.map((id) => quoted(id)),
              5,
            )}`,
          ]),
    ],
    annotations: applied.counting.flatMap(annotationOf).slice(0, mostAnnotations),
  };
  if (failing > params.max_failed)
    return fail({
      ...parts,
      need: `${count(failing, "test")} failed${names.length === 0 ? "" : `: ${listed(names, 2)}`}`,
      next: "The author repairs them; the lines are annotated where the report tells them.",
    });
  const fewer = tooFew(params, fact, base);
  if (fewer !== null)
    return fewer.mayCome
      ? pending({ ...parts, need: fewer.need, next: fewer.next, changesAt: lookAgainAt(now) })
      : fail({ ...parts, need: fewer.need, next: fewer.next });
  return passOnceOver(
    { ...parts, ...(applied.endsAt === undefined ? {} : { changesAt: applied.endsAt }) },
    fact,
    now,
  );
}

function tooFew(
  params: TestsParams,
  fact: TestsJudged["fact"],
  base: TestsJudged["base"],
): { readonly mayCome: boolean; readonly need: string; readonly next: string } | null {
  const mayCome = fact.waiting.length > 0;
  const next = mayCome
    ? `${listed(fact.waiting, 3)} may still bring a report: Gatehouse judges again by itself when the run ends.`
    : `The author looks at which tests did not run (read here: ${listed(fact.reports, 3)}${base === null || base === "off" ? "" : `; the base is ${short(base.sha)}`}) and lets them run again.`;
  if (fact.ran < params.min)
    return { mayCome, need: `${count(fact.ran, "test")} ran, ${params.min} are asked for`, next };
  const share = params.not_fewer_than_base;
  if (share === undefined || base === "off") return null;
  if (base === null)
    return {
      mayCome: true,
      need: "the base has no test report to compare with",
      next: "Somebody runs the workflow that uploads the report on the base branch once; then the author updates the branch.",
    };
  return fact.ran * 100 < base.ran * share
    ? { mayCome, need: `${count(fact.ran, "test")} ran, ${base.ran} on the base`, next }
    : null;
}

const nameOf = ({ id, name, message }: FailedCase): string => quoted(id || message || name, 200);

function annotationOf(failed: FailedCase): readonly Annotation[] {
  if (failed.at === null) return [];
  return [
    {
      path: failed.at.path,
      startLine: failed.at.line,
      endLine: failed.at.line,
      level: "failure",
      title: quoted(failed.id || failed.name, 200),
      message: quoted(failed.message || "failed", 1000),
    },
  ];
}
