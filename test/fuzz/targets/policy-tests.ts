import { readFileSync } from "node:fs";
import { runPolicyTests } from "#core/simulate/policy-tests/run.ts";
import { textOf, type FuzzTarget } from "../target.ts";
import { checkProblems, presets } from "./policy.ts";
import { yamlLike } from "./yaml-like.ts";

const tests = (name: string): string =>
  readFileSync(new URL(`../../../policies/${name}.test.yml`, import.meta.url), "utf8");
/** Each case reads the policy again: a short one leaves time for the cases. */
const policy = presets.get("recommended") ?? "";
const firstCases = (text: string): string =>
  text
    .split(/(?=^ {2}- name:)/m)
    .slice(0, 4)
    .join("");
const noon = Date.UTC(2026, 2, 2, 12);

export const target: FuzzTarget = {
  name: "policy-tests",
  corpus: [
    firstCases(tests("recommended")),
    firstCases(tests("library")),
    "version: 1\ndefaults:\n  pull_request: { author: mona }\n  checks: [{ name: unit, app: github-actions, conclusion: success }]\ncases:\n  - name: a\n    given: { reviews: [{ by: hubot, state: approved }], unreadable: [checks] }\n    expect: { decision: wait, rules: { tests: unknown } }\n",
    "version: 1\ncases:\n  - name: d\n    given:\n      deployment: { environment: production, sha: a1, ref: main, actor: requester }\n      people: { keeper: maintain }\n      approvals: [{ by: keeper, environment: production, sha: a1 }]\n      comments: [{ by: keeper, body: /gate hold }]\n      findings: [{ id: CVE-2026-1, severity: critical, kind: dependency }]\n    expect: deny\n",
  ],
  madeUp: yamlLike([
    "cases",
    "defaults",
    "given",
    "expect",
    "name",
    "pull_request",
    "reviews",
    "checks",
    "deployment",
    "people",
    "comments",
    "findings",
    "files",
    "now",
  ]),
  read: (input) => {
    const result = runPolicyTests({ policy, presets, tests: textOf(input), clock: noon });
    if (!result.ok) checkProblems(result.problems);
  },
};
