import { describe, expect, it } from "vitest";
import { runPolicyTests, type PolicyTestResult } from "#core/simulate/policy-tests/run.ts";
import { presets } from "./some-policy.ts";

const policy = `rules:
  - { name: reviewed, require: { reviews: {} } }
  - { name: labelled, require: { labels: { none: [wip] } } }
  - { name: shipped, applies_to: deployment, require: { checks: { names: [unit] } } }
  - { name: off, enforcement: disabled, require: { up_to_date: true } }`;

const run = (tests: string): PolicyTestResult =>
  runPolicyTests({ policy, tests, clock: 0, presets });

describe("runPolicyTests", () => {
  const cases = `cases:
  - name: an approval is enough
    given: { reviews: [{ by: bob, state: approved }] }
    expect: { decision: allow, rules: { reviewed: pass, labelled: pass } }
  - name: work in progress waits
    given: { pull_request: { labels: [wip] } }
    expect: { decision: deny, rules: { reviewed: pending, labelled: fail, shipped: skipped } }
`;

  it("runs cases and tells which rules were never made to pass or to fail", () => {
    expect(run(cases)).toMatchObject({
      ok: true,
      run: {
        ok: true,
        cases: [
          { name: "an approval is enough", ok: true, line: 2 },
          { ok: true, line: 5 },
        ],
        coverage: [
          { rule: "reviewed", passed: true, failed: true },
          { rule: "labelled", passed: true, failed: true },
          { rule: "shipped", passed: false, failed: false },
        ],
      },
    });
  });

  it("takes a bare list, a bare decision, and defaults", () => {
    expect(
      run("- { name: a, given: { reviews: [{ by: bob, state: approved }] }, expect: allow }"),
    ).toMatchObject({ run: { ok: true } });
    expect(
      run(
        "defaults: { reviews: [{ by: bob, state: approved }] }\ncases: [{ name: a, expect: allow }, { name: b, given: { reviews: [] }, expect: wait }]",
      ),
    ).toMatchObject({ run: { ok: true } });
  });

  it("says what came out instead, and why", () => {
    expect(
      run("- { name: a, expect: { decision: allow, rules: { reviewed: pass } } }"),
    ).toMatchObject({
      run: {
        ok: false,
        cases: [
          {
            ok: false,
            decision: "wait",
            mismatches: [
              expect.stringMatching(/^decision: expected allow, got wait \(reviewed pending: /),
              expect.stringMatching(/^rule reviewed: expected pass, got pending: /),
            ],
          },
        ],
      },
    });
  });

  it.each<[string, string, RegExp]>([
    [
      "a rule that is not in the policy",
      "- { name: a, expect: { rules: { reviewd: pass } } }",
      /the policy has no rule "reviewd"/,
    ],
    [
      "an unknown fact",
      "- { name: a, given: { review: [] }, expect: allow }",
      /unknown key "review"; did you mean "reviews"/,
    ],
    [
      "a wrong verdict",
      "- { name: a, expect: { rules: { reviewed: passed } } }",
      /did you mean "pass"/,
    ],
    ["no expectation", "- { name: a, expect: {} }", /expects nothing/],
    ["no cases", "cases: 3", /expected a list/],
    ["no YAML", "cases: [", /not valid YAML|indentation/],
  ])("refuses %s", (_name, tests, words) => {
    const result = run(tests);
    expect(result.ok ? [] : [result.input, result.problems[0]?.message]).toEqual([
      "tests",
      expect.stringMatching(words),
    ]);
  });

  it("says when it is the policy that is wrong", () => {
    expect(
      runPolicyTests({
        policy: "rules: 1",
        tests: "- { name: a, expect: allow }",
        clock: 0,
        presets,
      }),
    ).toMatchObject({ ok: false, input: "policy" });
  });
});
