import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer } from "../../src/cli/answer.ts";
import type { DefineCommand } from "../../src/cli/commands/command.ts";
import { evaluate } from "../../src/cli/commands/evaluate.ts";
import { test as testCommand } from "../../src/cli/commands/test.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-cli-"));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write(
    "policy.yml",
    "version: 1\nrules:\n  - { name: reviewed, require: { reviews: {} } }\n  - { name: tidy, require: { labels: { none: [wip] } } }\n",
  );
  write("broken.yml", "version: 1\nrules:\n  - { name: reviewed, require: { reviws: {} } }\n");
  write(
    "organization.yml",
    "version: 1\nrules:\n  - { name: titled, require: { title: { pattern: '^[a-z]+: ' } } }\n",
  );
  write("good.yml", "reviews: [{ by: bob, state: approved }]\n");
  write("wip.yml", "pull_request: { labels: [wip] }\nreviews: [{ by: bob, state: approved }]\n");
  write("odd.yml", "reviews: [{ by: bob, stat: approved }]\n");
  write(
    "policy.test.yml",
    "- name: seen\n  given: { reviews: [{ by: bob, state: approved }] }\n  expect: allow\n- name: unseen\n  expect: { decision: wait, rules: { reviewed: pending } }\n",
  );
  write("wrong.test.yml", "- { name: unseen, expect: allow }\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string): string => join(folder, name);
const run = async (
  define: DefineCommand,
  args: readonly unknown[],
  options: Readonly<Record<string, unknown>>,
): Promise<Answer | null> => define().run(args, options);

describe("gatehouse evaluate", () => {
  it.each([
    { facts: "good.yml", decision: "allow", exitCode: 0 },
    { facts: "wip.yml", decision: "deny", exitCode: 1 },
  ])("answers $decision for $facts with exit $exitCode", async ({ facts, decision, exitCode }) => {
    const answer = await run(evaluate, [], { policy: file("policy.yml"), facts: file(facts) });
    expect(answer).toMatchObject({
      exitCode,
      json: {
        decision,
        rules: [{ name: "reviewed", verdict: "pass", enforcement: "active" }, { name: "tidy" }],
      },
    });
    expect(Object.keys(answer?.json ?? {})).toEqual(["decision", "rules", "title", "summary"]);
  });

  it("adds the organisation's rules", async () => {
    const answer = await run(evaluate, [], {
      policy: file("policy.yml"),
      orgPolicy: file("organization.yml"),
      facts: file("good.yml"),
    });
    expect(answer?.json).toMatchObject({
      decision: "deny",
      rules: expect.arrayContaining([expect.objectContaining({ name: "titled", verdict: "fail" })]),
    });
  });

  it.each([
    {
      why: "a policy that is none",
      options: { policy: "broken.yml", facts: "good.yml" },
      says: /broken\.yml:3:\d+: .*reviws.*did you mean/,
    },
    {
      why: "facts that are none",
      options: { policy: "policy.yml", facts: "odd.yml" },
      says: /odd\.yml:1:\d+: .*stat/,
    },
    {
      why: "a missing file",
      options: { policy: "policy.yml", facts: "none.yml" },
      says: /none\.yml: no such file/,
    },
  ])("refuses $why with the place", async ({ options, says }) => {
    await expect(
      run(evaluate, [], { policy: file(options.policy), facts: file(options.facts) }),
    ).rejects.toThrow(says);
  });

  it("refuses an instant that is none", async () => {
    await expect(
      run(evaluate, [], { policy: file("policy.yml"), facts: file("good.yml"), now: "yesterday" }),
    ).rejects.toThrow(/^--now yesterday: not an instant/);
  });
});

describe("gatehouse test", () => {
  it.each(["policy.test.yml", "policy.yml"])(
    "runs the cases beside the policy when %s is named",
    async (name) => {
      const answer = await run(testCommand, [file(name)], {});
      expect(answer).toMatchObject({
        exitCode: 0,
        json: {
          ok: true,
          cases: [
            { name: "seen", ok: true },
            { name: "unseen", ok: true },
          ],
        },
      });
      expect(answer?.text).toContain("2 of 2 cases as expected");
      expect(answer?.text).toContain("no case made this rule fail: tidy");
    },
  );

  it("exits 1 on a mismatch and says what came out", async () => {
    const answer = await run(testCommand, [file("wrong.test.yml")], { policy: file("policy.yml") });
    expect(answer).toMatchObject({
      exitCode: 1,
      json: { ok: false, cases: [{ name: "unseen", ok: false, decision: "wait" }] },
    });
    expect(answer?.text).toMatch(/expected allow, got wait/);
  });

  it("names the place of what cannot be used", async () => {
    await expect(
      run(testCommand, [file("policy.test.yml")], { policy: file("broken.yml") }),
    ).rejects.toThrow(/broken\.yml:3:/);
  });
});
