import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { UnusableInput } from "../../src/cli/answer.ts";
import { test as testCommand } from "../../src/cli/commands/test.ts";

const policy = "version: 1\nrules:\n  - { name: reviewed, require: { reviews: {} } }\n  - { name: tidy, require: { labels: { none: [wip] } } }\n";
const approved = "given: { reviews: [{ by: bob, state: approved }] }";

async function run(files: Readonly<Record<string, string>>, named: string, options: Readonly<Record<string, string>> = {}): Promise<{ readonly exit: number; readonly json: unknown; readonly stderr: string }> {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-acceptance-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const answer = await testCommand().run([join(folder, named)], Object.fromEntries(Object.entries(options).map(([key, name]) => [key, join(folder, name)])));
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
    ["a list of cases", `- name: a\n  ${approved}\n  expect: { decision: allow, rules: { reviewed: pass } }\n`, 0],
    ["cases", `version: 1\ncases:\n  - name: a\n    ${approved}\n    expect: { decision: allow }\n`, 0],
    ["tests", `tests:\n  - name: a\n    ${approved}\n    expect: { decision: allow }\n`, 0],
    ["cases by name", `cases:\n  an approval is enough:\n    ${approved}\n    expect: { decision: allow, verdicts: { reviewed: pass } }\n`, 0],
    ["a decision alone", `- { name: a, ${approved}, expect: allow }\n`, 0],
    ["verdicts", `- { name: a, expect: { decision: wait, verdicts: { reviewed: pending, tidy: pass } } }\n`, 0],
    ["verdicts beside the decision", `- { name: a, expect: { decision: wait, reviewed: pending, tidy: pass } }\n`, 0],
    ["rules as evaluate prints them", `- { name: a, expect: { decision: wait, rules: [{ name: reviewed, verdict: pending }] } }\n`, 0],
    ["nothing given", `- { name: a, given: , expect: wait }\n`, 0],
    ["a wrong decision", `- { name: a, expect: allow }\n`, 1],
    ["a wrong verdict", `- { name: a, expect: { decision: wait, rules: { tidy: fail } } }\n`, 1],
    ["one wrong of two", `- { name: a, expect: wait }\n- { name: b, expect: deny }\n`, 1],
  ])("%s", async (_what, tests, exit) => {
    expect(await run({ "gatehouse.yml": policy, "gatehouse.test.yml": tests }, "gatehouse.test.yml")).toMatchObject({ exit, json: { ok: exit === 0 } });
  });

  it("tells which rules no case ever made pass and fail", async () => {
    const { json } = await run({ "gatehouse.yml": policy, "gatehouse.test.yml": `- { name: a, expect: wait }\n- { name: b, ${approved}, expect: allow }\n` }, "gatehouse.test.yml");
    expect(json).toMatchObject({ coverage: [{ rule: "reviewed", passed: true, failed: true }, { rule: "tidy", passed: true, failed: false }] });
  });

  it.each<[string, Readonly<Record<string, string>>, string, Readonly<Record<string, string>>]>([
    ["beside it", { "a/x.yml": policy, "a/x.test.yml": "- { name: a, expect: wait }\n" }, "a/x.test.yml", {}],
    ["where the policy is named", { "a/x.yml": policy, "a/x.test.yml": "- { name: a, expect: wait }\n" }, "a/x.yml", {}],
    ["in its folder", { "a/gatehouse.yml": policy, "a/cases.yml": "- { name: a, expect: wait }\n" }, "a/cases.yml", {}],
    ["by an option", { "b/p.yml": policy, "a/cases.yml": "- { name: a, expect: wait }\n" }, "a/cases.yml", { policy: "b/p.yml" }],
  ])("finds the policy %s", async (_what, files, named, options) => {
    expect(await run(files, named, options)).toMatchObject({ exit: 0 });
  });

  it.each<[string, string, RegExp]>([
    ["an unknown rule", "- { name: a, expect: { decision: wait, rules: { reviewd: pass } } }\n", /gatehouse\.test\.yml:1:\d+: \[0\]\.expect\.rules\.reviewd: the policy has no rule "reviewd"; did you mean "reviewed"/],
    ["an unknown rule beside the decision", "- { name: a, expect: { decision: wait, reviewd: pass } }\n", /no rule "reviewd"/],
    ["an unknown key", "- { name: a, givn: {}, expect: wait }\n", /gatehouse\.test\.yml:1:14: \[0\]\.givn: unknown key "givn"; did you mean "given"/],
    ["an unknown fact", "- name: a\n  given: { reviewz: [] }\n  expect: wait\n", /gatehouse\.test\.yml:2:12: \[0\]\.given\.reviewz: .*did you mean "reviews"/],
    ["no expectation", "- { name: a, given: {} }\n", /"expect" is missing/],
    ["a verdict that is none", "- { name: a, expect: { rules: { tidy: passed } } }\n", /did you mean "pass"/],
    ["an empty file", "", /gatehouse\.test\.yml:1:1/],
    ["no cases", "version: 1\n", /"cases" is missing/],
  ])("refuses %s", async (_what, tests, words) => {
    const { exit, stderr } = await run({ "gatehouse.yml": policy, "gatehouse.test.yml": tests }, "gatehouse.test.yml");
    expect(exit).toBe(2);
    expect(stderr).toMatch(words);
  });
});
