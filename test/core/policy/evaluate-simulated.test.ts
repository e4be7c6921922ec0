import { describe, expect, it } from "vitest";
import { evaluateSimulated } from "#core/simulate/evaluate.ts";
import type { AnswerData } from "#core/render/answer-data.ts";
import { problemText } from "#core/yaml/problem.ts";
import { presets } from "./some-policy.ts";

const clock = Date.UTC(2026, 2, 30, 7);

function answer(
  policy: string,
  facts: string,
  more: { readonly organization?: string; readonly now?: number } = {},
): AnswerData {
  const result = evaluateSimulated({ policy, facts, clock, presets, ...more });
  if (!result.ok)
    throw new Error(`${result.input}: ${result.problems.map(problemText).join("\n")}`);
  return result.answer;
}

const refused = (facts: string): readonly string[] => {
  const result = evaluateSimulated({ policy: "rules: []", facts, clock, presets });
  return result.ok ? [] : result.problems.map(problemText);
};

const reviewed = "rules: [{ name: reviewed, require: { reviews: { approvals: 1 } } }]";

describe("evaluatePlain", () => {
  it("answers in the shape of the command line", () => {
    expect(answer(reviewed, "reviews: [{ by: bob, state: approved }]")).toEqual({
      decision: "allow",
      rules: [
        {
          name: "reviewed",
          verdict: "pass",
          enforcement: "active",
          reason: expect.any(String),
          next: "",
        },
      ],
      title: expect.any(String),
      summary: expect.stringContaining("| Rule | Verdict |"),
    });
  });

  it.each<[string, string, string, AnswerData["decision"]]>([
    ["nothing said at all", reviewed, "", "wait"],
    [
      "a reviewer nobody described may write",
      reviewed,
      "reviews: [{ by: bob, state: approved }]",
      "allow",
    ],
    [
      "one who was described as a reader may not",
      reviewed,
      "reviews: [{ by: bob, state: approved }]\npeople: { bob: { role: read } }",
      "wait",
    ],
    [
      "the author, in another case",
      reviewed,
      "pull_request: { author: Bob }\nreviews: [{ by: bOB, state: approved }]",
      "wait",
    ],
    [
      "a bot",
      reviewed,
      "reviews: [{ by: helper, state: approved }]\npeople: { helper: { bot: true } }",
      "wait",
    ],
    [
      "a review of an earlier commit",
      reviewed,
      "pull_request: { commits: [{ sha: c1 }, { sha: c2 }] }\nreviews: [{ by: bob, state: approved, commit: c1 }]",
      "wait",
    ],
    [
      "one of the same diff",
      reviewed,
      "pull_request: { commits: [{ sha: c1 }, { sha: c2 }] }\nsame_diff: [c1]\nreviews: [{ by: bob, state: approved, commit: c1 }]",
      "allow",
    ],
    [
      "reviews that cannot be read",
      reviewed,
      "reviews: [{ by: bob, state: approved }]\nunreadable: [reviews]",
      "wait",
    ],
    [
      "a team by slug",
      "rules: [{ name: a, require: { reviews: { teams: [core] } } }]",
      "reviews: [{ by: bob, state: approved }]\npeople: { BOB: { teams: [acme/core] } }",
      "allow",
    ],
    [
      "a team nobody is in",
      "rules: [{ name: a, require: { reviews: { teams: [core] } } }]",
      "reviews: [{ by: bob, state: approved }]",
      "wait",
    ],
    [
      "a green check",
      "rules: [{ name: a, require: { checks: { names: [unit], app: github-actions } } }]",
      "checks: [{ name: unit, conclusion: success }]",
      "allow",
    ],
    [
      "one of another app",
      "rules: [{ name: a, require: { checks: { names: [unit], app: github-actions } } }]",
      "checks: [{ name: unit, conclusion: success, app: other }]",
      "wait",
    ],
    [
      "an app by its id",
      "rules: [{ name: a, require: { checks: { names: [unit], app: 15368 } } }]",
      "checks: [{ name: unit, conclusion: success }]",
      "allow",
    ],
    [
      "a check without a job behind it",
      "rules: [{ name: a, require: { checks: { names: [unit], app: github-actions } } }]",
      "checks: [{ name: unit, conclusion: success, job: false }]",
      "wait",
    ],
    [
      "a check that runs again",
      "rules: [{ name: a, require: { checks: { names: [unit] } } }]",
      "checks: [{ name: unit, conclusion: success }, { name: unit, status: in_progress }]",
      "wait",
    ],
    [
      "the newest run by its time",
      "rules: [{ name: a, require: { checks: { names: [unit] } } }]",
      "checks: [{ name: unit, conclusion: success, at: 2026-01-02T00:00:00Z }, { name: unit, conclusion: failure, at: 2026-01-01T00:00:00Z }]",
      "allow",
    ],
    [
      "labels as words",
      "rules: [{ name: a, require: { labels: { all: [ok] } } }]",
      "pull_request: { labels: [OK] }",
      "allow",
    ],
    [
      "files as words",
      "rules: [{ name: a, when: { paths: ['src/**'] }, require: { labels: { all: [ok] } } }]",
      "pull_request: { files: [src/a.ts] }",
      "deny",
    ],
    [
      "custom properties",
      "rules: [{ name: a, when: { properties: { tier: gold } }, require: { labels: { all: [ok] } } }]",
      "repository: { properties: { tier: gold } }",
      "deny",
    ],
    [
      "a deployment",
      "rules: [{ name: a, applies_to: deployment, when: { environments: [prod], actors: [bob] }, require: { checks: { names: [unit] } } }]",
      "deployment: { environment: prod, sha: c1, actor: bob }",
      "wait",
    ],
    [
      "another environment",
      "rules: [{ name: a, applies_to: deployment, when: { environments: [prod] }, require: { checks: { names: [unit] } } }]",
      "deployment: { environment: staging }",
      "allow",
    ],
    ["a hold", "rules: []", "holds: [{ by: bob, reason: wait }]", "wait"],
  ])("%s", (_name, policy, facts, decision) => {
    expect(answer(policy, facts).decision).toBe(decision);
  });

  it("JSON is as good as YAML", () => {
    expect(
      answer(
        JSON.stringify({ rules: [{ name: "a", require: { reviews: {} } }] }),
        JSON.stringify({ reviews: [{ by: "bob", state: "approved" }] }),
      ).decision,
    ).toBe("allow");
  });

  it("the organisation's rules come first", () => {
    const { rules } = answer(
      "rules: [{ name: b, require: { up_to_date: true } }]",
      "pull_request: { behind: 2 }",
      { organization: "rules: [{ name: a, require: { reviews: {} } }]" },
    );
    expect(rules.map(({ name, verdict }) => [name, verdict])).toEqual([
      ["a", "pending"],
      ["b", "fail"],
    ]);
  });

  it("what is not in the words is unknown, never passed over", () => {
    const { decision, rules } = answer(
      "rules: [{ name: a, require: { pinned_actions: true } }]",
      "pull_request: { files: [{ path: .github/workflows/ci.yml, status: modified }] }",
    );
    expect(decision).toBe("wait");
    expect(rules[0]).toMatchObject({
      verdict: "unknown",
      reason: expect.stringMatching(/give no content for/),
    });
  });

  it("why a fact is unreadable may be said", () => {
    const { rules } = answer(
      reviewed,
      "unreadable: [{ fact: reviews, code: forbidden, reason: no permission }]",
    );
    expect(rules[0]).toMatchObject({
      verdict: "unknown",
      reason: expect.stringMatching(/no permission/),
      next: expect.stringMatching(/pull_requests: read/),
    });
  });

  describe("overrides", () => {
    const policy = (more: string): string =>
      `rules: [{ name: a, require: { labels: { all: [ok] } } }]\noverrides: [{ name: e, rules: [a], by: { teams: [ic] }, ${more} }]`;
    const people = "people: { boss: { teams: [ic] }, second: { teams: [ic] } }\n";
    it.each<[string, string, string, AnswerData["decision"]]>([
      ["granted", "lasts: 4h", "overrides: [{ name: e, by: boss, reason: fire }]", "allow"],
      [
        "by somebody else",
        "lasts: 4h",
        "overrides: [{ name: e, by: mallory, reason: fire }]",
        "deny",
      ],
      ["without a reason", "lasts: 4h", "overrides: [{ name: e, by: boss }]", "deny"],
      [
        "of long ago",
        "lasts: 4h",
        "overrides: [{ name: e, by: boss, reason: fire, at: 2026-03-30T02:59:00Z }]",
        "deny",
      ],
      [
        "of another commit",
        "lasts: 4h",
        "overrides: [{ name: e, by: boss, reason: fire, sha: other }]",
        "deny",
      ],
      [
        "without its ticket",
        "ticket: required",
        "overrides: [{ name: e, by: boss, reason: fire }]",
        "deny",
      ],
      [
        "with its ticket",
        "ticket: required",
        "overrides: [{ name: e, by: boss, reason: fire OPS-12 }]",
        "allow",
      ],
      [
        "without its confirmation",
        "confirmations: 1",
        "overrides: [{ name: e, by: boss, reason: fire, confirmed_by: [boss] }]",
        "deny",
      ],
      [
        "with its confirmation",
        "confirmations: 1",
        "overrides: [{ name: e, by: boss, reason: fire, confirmed_by: [second] }]",
        "allow",
      ],
      [
        "by the author alone",
        "lasts: 4h",
        "pull_request: { author: boss }\noverrides: [{ name: e, by: boss, reason: fire }]",
        "deny",
      ],
    ])("%s", (_name, more, facts, decision) => {
      expect(answer(policy(more), people + facts).decision).toBe(decision);
    });
  });

  it("time comes from the call, else from the facts, else from the clock", () => {
    const policy =
      "rules: [{ name: a, require: { labels: { all: [ok] } } }]\noverrides: [{ name: e, rules: [a], by: { users: [boss] }, lasts: 1h }]";
    const facts = "overrides: [{ name: e, by: boss, reason: fire, at: 2026-03-30T06:30:00Z }]\n";
    expect(answer(policy, facts).decision).toBe("allow");
    expect(answer(policy, `${facts}now: 2026-03-30T08:00:00Z`).decision).toBe("deny");
    expect(answer(policy, `${facts}now: 2026-03-30T08:00:00Z`, { now: clock }).decision).toBe(
      "allow",
    );
  });

  it.each<[string, string, RegExp]>([
    [
      "an unknown key",
      "pull_requests: {}",
      /^1:1: pull_requests: unknown key "pull_requests"; did you mean "pull_request"\?/,
    ],
    [
      "an unknown key inside",
      "reviews:\n  - { by: bob, stat: approved }",
      /^2:16: reviews\[0\]\.stat: unknown key "stat"; did you mean "state"\?/,
    ],
    [
      "a state that is none",
      "reviews: [{ by: bob, state: aproved }]",
      /expected one of approved, .*did you mean "approved"/,
    ],
    ["a time that is none", "now: tomorrow", /^1:6: now: not an instant; write one such as/],
    ["a day that is none", "now: 2026-13-30T07:00:00Z", /^1:6: now: /],
    ["an unreadable fact that is none", "unreadable: [reveiws]", /did you mean "reviews"/],
    ["a list where a mapping belongs", "pull_request: []", /expected a mapping/],
  ])("refuses %s, at its place", (_name, facts, words) => {
    expect(refused(facts)[0]).toMatch(words);
  });

  it("says which input is unusable", () => {
    expect(evaluateSimulated({ policy: "rules: 1", facts: "", clock, presets })).toMatchObject({
      ok: false,
      input: "policy",
    });
    expect(
      evaluateSimulated({ policy: "rules: []", organization: "x: 1", facts: "", clock, presets }),
    ).toMatchObject({ ok: false, input: "organization" });
    expect(
      evaluateSimulated({ policy: "extends: gatehouse:nope", facts: "", clock, presets }),
    ).toMatchObject({ ok: false, input: "policy", problems: [{ path: "extends" }] });
  });
});
