import type { PolicyTestRun } from "#core/model/policy-test.ts";
import type { NeverMet } from "#core/policy/unsatisfiable.ts";
import { inert } from "#core/text/markdown.ts";

/** What the policy's own tests say. */
export function renderPolicyTests({ cases, coverage }: PolicyTestRun): string {
  const failed = cases.filter((each) => !each.ok);
  const untried = coverage.filter((rule) => !rule.passed || !rule.failed);
  const never = untried
    .slice(0, 20)
    .map(
      (rule) =>
        `- \`${rule.rule}\`: no case made it ${[...(rule.passed ? [] : ["pass"]), ...(rule.failed ? [] : ["fail"])].join(" or ")}`,
    );
  return [
    `### Policy tests\n\n${cases.length - failed.length} of ${cases.length} cases came out as expected.`,
    ...(failed.length === 0
      ? []
      : [
          failed
            .slice(0, 20)
            .map(
              (each) =>
                `- ❌ ${inert(each.name)}: ${each.mismatches.map((mismatch) => inert(mismatch, 300)).join("; ")}`,
            )
            .join("\n"),
        ]),
    ...(never.length === 0 ? [] : [never.join("\n")]),
  ].join("\n\n");
}

/** Rules that nobody and nothing may ever meet here. */
export function renderNeverMet(found: readonly NeverMet[]): string {
  return `### Rules that may never pass\n\n${found
    .slice(0, 30)
    .map(({ rule, because }) => `- ⚠️ \`${rule}\`: ${inert(because, 400)}`)
    .join("\n")}`;
}

export const replaying = (done: number, all: number): string =>
  `### Impact\n\nReplaying over pull requests: ${done} of ${all}.`;
