import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { UnusableInput } from "../../src/cli/answer.ts";
import { test as testCommand } from "../../src/cli/commands/test.ts";

const policy =
  "version: 1\nrules:\n  - { name: reviewed, require: { reviews: {} } }\n  - { name: tidy, require: { labels: { none: [wip] } } }\n";
const approved = "given: { reviews: [{ by: bob, state: approved }] }";

async function run(
  files: Readonly<Record<string, string>>,
  named: string,
  options: Readonly<Record<string, string>> = {},
): Promise<{ readonly exit: number; readonly json: unknown; readonly stderr: string }> {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-acceptance-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const answer = await testCommand().run(
      [join(folder, named)],
      Object.fromEntries(Object.entries(options).map(([key, name]) => [key, join(folder, name)])),
    );
    return { exit: answer?.exitCode ?? 0, json: answer?.json, stderr: "" };
  } catch (error) {
    if (error instanceof UnusableInput) return { exit: 2, json: null, stderr: error.message };
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("gatehouse test", () => {
  it.each<[string, string, number]>([
    [
      "a list of cases",
      `- name: a\n  ${approved}\n  expect: { decision: allow, rules: { reviewed: pass } }\n`,
      0,
    ],
    [
      "cases",
      `version: 1\ncases:\n  - name: a\n    ${approved}\n    expect: { decision: allow }\n`,
      0,
    ],
    ["tests", `tests:\n  - name: a\n    ${approved}\n    expect: { decision: allow }\n`, 0],
    [
      "cases by name",
      `cases:\n  an approval is enough:\n    ${approved}\n    expect: { decision: allow, verdicts: { reviewed: pass } }\n`,
      0,
    ],
    ["a decision alone", `- { name: a, ${approved}, expect: allow }\n`, 0],
    [
      "verdicts",
      `- { name: a, expect: { decision: wait, verdicts: { reviewed: pending, tidy: pass } } }\n`,
      0,
    ],
    [
      "verdicts beside the decision",
      `- { name: a, expect: { decision: wait, reviewed: pending, tidy: pass } }\n`,
      0,
    ],
    [
      "rules as evaluate prints them",
      `- { name: a, expect: { decision: wait, rules: [{ name: reviewed, verdict: pending }] } }\n`,
      0,
    ],
    ["nothing given", `- { name: a, given: , expect: wait }\n`, 0],
    ["a wrong decision", `- { name: a, expect: allow }\n`, 1],
    ["a wrong verdict", `- { name: a, expect: { decision: wait, rules: { tidy: fail } } }\n`, 1],
    ["one wrong of two", `- { name: a, expect: wait }\n- { name: b, expect: deny }\n`, 1],
  ])("%s", async (_what, tests, exit) => {
    expect(
      await run({ "gatehouse.yml": policy, "gatehouse.test.yml": tests }, "gatehouse.test.yml"),
    ).toMatchObject({ exit, json: { ok: exit === 0 } });
  });

  it("tells which rules no case ever made pass and fail", async () => {
    const { json } = await run(
      {
        "gatehouse.yml": policy,
        "gatehouse.test.yml": `- { name: a, expect: wait }\n- { name: b, ${approved}, expect: allow }\n`,
      },
      "gatehouse.test.yml",
    );
    expect(json).toMatchObject({
      coverage: [
        { rule: "reviewed", passed: true, failed: true },
        { rule: "tidy", passed: true, failed: false },
      ],
    });
  });

  const hours =
    "version: 1\nrules: [{ name: w, applies_to: pull_request, require: { window: h } }]\nwindows: { h: { timezone: UTC, open: [{ days: [mon], from: '09:00', to: '17:00' }] } }\n";
  const one = (rule: string): string => `rules: [{ name: r, ${rule} }]\n`;
  it.each<[string, string, string, number]>([
    [
      "each case has its own now",
      hours,
      "- { name: in, given: { now: 2026-03-30T10:00:00Z }, expect: allow }\n- { name: out, given: { now: 2026-03-31T10:00:00Z }, expect: wait }\n",
      0,
    ],
    [
      "a case's own facts win over the defaults",
      policy,
      `defaults: { reviews: [{ by: bob, state: approved }] }\ncases:\n  - { name: a, expect: allow }\n  - { name: b, given: { reviews: [] }, expect: wait }\n`,
      0,
    ],
    [
      "a rule that does not apply is skipped",
      one("when: { branches: [x] }, require: { reviews: {} }"),
      "- { name: a, expect: { decision: allow, rules: { r: skipped } } }\n",
      0,
    ],
    [
      "a rule of the other gate is skipped as well",
      one("require: { not_frozen: true }"),
      "- { name: a, expect: { rules: { r: skipped } } }\n",
      0,
    ],
    [
      "a rule of the other gate passes nothing",
      one("require: { not_frozen: true }"),
      "- { name: a, expect: { rules: { r: pass } } }\n",
      1,
    ],
    [
      "a rule in evaluate has its verdict",
      one("enforcement: evaluate, require: { title: { pattern: '^never$' } }"),
      "- { name: a, expect: { decision: allow, rules: { r: fail } } }\n",
      0,
    ],
    [
      "a deployment",
      one("applies_to: [pull_request, deployment], require: { checks: { names: [u] } }"),
      "- { name: a, given: { deployment: { environment: production, sha: a }, checks: [{ name: u, conclusion: failure }] }, expect: { decision: deny, r: fail } }\n",
      0,
    ],
    [
      "what cannot be read is unknown",
      one("require: { reviews: {} }"),
      "- { name: a, given: { unreadable: [reviews] }, expect: { decision: wait, r: unknown } }\n",
      0,
    ],
    [
      "a hold",
      policy,
      `- { name: a, given: { holds: [{ by: tri, reason: x }], reviews: [{ by: bob, state: approved }] }, expect: { decision: wait, reviewed: pass } }\n`,
      0,
    ],
  ])("%s", async (_what, written, tests, exit) => {
    expect(
      await run({ "gatehouse.yml": written, "gatehouse.test.yml": tests }, "gatehouse.test.yml"),
    ).toMatchObject({ exit, json: { ok: exit === 0 } });
  });

  it("a mismatch says what was expected, what came out and why, at the line of the case", async () => {
    const { json } = await run(
      {
        "gatehouse.yml": policy,
        "gatehouse.test.yml":
          "- { name: a, expect: wait }\n- { name: b, expect: { decision: allow, reviewed: pass } }\n",
      },
      "gatehouse.test.yml",
    );
    expect(json).toMatchObject({
      ok: false,
      cases: [
        { name: "a", ok: true, line: 1, decision: "wait", mismatches: [] },
        {
          name: "b",
          ok: false,
          line: 2,
          decision: "wait",
          mismatches: [
            expect.stringMatching(/^decision: expected allow, got wait \(reviewed pending: /),
            expect.stringMatching(/^rule reviewed: expected pass, got pending: /),
          ],
        },
      ],
    });
  });

  it("a disabled rule need not be tried; those of the organisation and of presets must", async () => {
    const files = {
      "gatehouse.yml":
        "extends: gatehouse:recommended\nrules: [{ name: covered, enforcement: disabled }]\n",
      "organization.yml": "rules: [{ name: floor, require: { title: { pattern: '^x' } } }]\n",
      "gatehouse.test.yml": "- { name: a, expect: { floor: fail } }\n",
    };
    const { json } = await run(files, "gatehouse.test.yml", { orgPolicy: "organization.yml" });
    expect(json).toMatchObject({
      coverage: [
        { rule: "floor", passed: false, failed: true },
        { rule: "reviewed" },
        { rule: "checks-green" },
        { rule: "no-critical-findings" },
      ],
    });
  });

  it.each<[string, Readonly<Record<string, string>>, string, Readonly<Record<string, string>>]>([
    [
      "beside it",
      { "a/x.yml": policy, "a/x.test.yml": "- { name: a, expect: wait }\n" },
      "a/x.test.yml",
      {},
    ],
    [
      "where the policy is named",
      { "a/x.yml": policy, "a/x.test.yml": "- { name: a, expect: wait }\n" },
      "a/x.yml",
      {},
    ],
    [
      "in its folder",
      { "a/gatehouse.yml": policy, "a/cases.yml": "- { name: a, expect: wait }\n" },
      "a/cases.yml",
      {},
    ],
    [
      "by an option",
      { "b/p.yml": policy, "a/cases.yml": "- { name: a, expect: wait }\n" },
      "a/cases.yml",
      { policy: "b/p.yml" },
    ],
  ])("finds the policy %s", async (_what, files, named, options) => {
    expect(await run(files, named, options)).toMatchObject({ exit: 0 });
  });

  it.each<[string, string, RegExp]>([
    [
      "an unknown rule",
      "- { name: a, expect: { decision: wait, rules: { reviewd: pass } } }\n",
      /gatehouse\.test\.yml:1:\d+: \[0\]\.expect\.rules\.reviewd: the policy has no rule "reviewd"; did you mean "reviewed"/,
    ],
    [
      "an unknown rule beside the decision",
      "- { name: a, expect: { decision: wait, reviewd: pass } }\n",
      /no rule "reviewd"/,
    ],
    [
      "an unknown key",
      "- { name: a, givn: {}, expect: wait }\n",
      /gatehouse\.test\.yml:1:14: \[0\]\.givn: unknown key "givn"; did you mean "given"/,
    ],
    [
      "an unknown fact",
      "- name: a\n  given: { reviewz: [] }\n  expect: wait\n",
      /gatehouse\.test\.yml:2:12: \[0\]\.given\.reviewz: .*did you mean "reviews"/,
    ],
    ["no expectation", "- { name: a, given: {} }\n", /"expect" is missing/],
    [
      "a verdict that is none",
      "- { name: a, expect: { rules: { tidy: passed } } }\n",
      /did you mean "pass"/,
    ],
    ["an empty file", "", /gatehouse\.test\.yml:1:1/],
    ["no cases", "version: 1\n", /"cases" is missing/],
    [
      "an empty list of cases",
      "[]\n",
      /gatehouse\.test\.yml:1:1: holds no case; write at least one/,
    ],
    [
      "an empty table of cases",
      "version: 1\ncases: {}\n",
      /gatehouse\.test\.yml:2:8: cases: holds no case/,
    ],
    ["cases of nothing", "cases:\n", /1:1: cases: expected a list or a mapping/],
    ["a case without a name", "- { expect: wait }\n", /1:3: \[0\]: "name" is missing/],
    [
      "a decision that is none",
      "- { name: a, expect: alow }\n",
      /1:22: \[0\]\.expect: .*did you mean "allow"/,
    ],
    [
      "an expectation of nothing",
      "- { name: a, expect: {} }\n",
      /expects nothing: write decision, rules, or both/,
    ],
    [
      "another version",
      "version: 2\ncases: [{ name: a, expect: wait }]\n",
      /1:10: version: expected 1/,
    ],
    [
      "a fact given twice",
      "- name: a\n  given:\n    now: 2026-01-01\n    now: 2026-01-02\n  expect: wait\n",
      /4:5: \[0\]\.given\.now: duplicate key/,
    ],
    ["broken YAML", "cases: [\n", /gatehouse\.test\.yml:2:1: /],
  ])("refuses %s", async (_what, tests, words) => {
    const { exit, stderr } = await run(
      { "gatehouse.yml": policy, "gatehouse.test.yml": tests },
      "gatehouse.test.yml",
    );
    expect(exit).toBe(2);
    expect(stderr).toMatch(words);
  });
});
