import { describe, expect, it } from "vitest";
import { evaluateSimulated } from "#core/simulate/evaluate.ts";
import type { AnswerData } from "#core/render/answer-data.ts";

const windows = `
windows:
  business-hours: { timezone: Europe/Berlin, open: [{ days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00" }] }
`;
const rule = (name: string, require: string, more = ""): string =>
  `  - { name: ${name}, when: { environments: ["production*"] }, require: { ${require} }${more} }\n`;
const policy = (rules: string, more = ""): string => `version: 1\nrules:\n${rules}${more}`;

function answer(
  text: string,
  facts: string,
  now = "2026-03-30T07:00:00Z",
  files: Readonly<Record<string, string>> = {},
): AnswerData {
  const result = evaluateSimulated({
    policy: text,
    facts,
    now: Date.parse(now),
    clock: 0,
    presets: new Map(),
    files: (path) => files[path],
  });
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result.answer;
}

const verdicts = (from: AnswerData): Readonly<Record<string, string>> =>
  Object.fromEntries(from.rules.map((each) => [each.name, each.verdict]));

describe("deployments in plain words", () => {
  it.each([
    { now: "2026-03-30T07:00:00Z", decision: "allow" },
    { now: "2026-03-30T06:59:00Z", decision: "wait" },
    { now: "2026-03-29T10:00:00Z", decision: "wait" },
  ])("business hours in Berlin, $now → $decision", ({ now, decision }) => {
    expect(
      answer(
        policy(rule("hours", "window: business-hours"), windows),
        "deployment: { environment: production, sha: abc }",
        now,
      ).decision,
    ).toBe(decision);
  });

  it("a rule for another environment does not count", () => {
    expect(
      answer(
        policy(rule("hours", "window: business-hours"), windows),
        "deployment: { environment: staging, sha: abc }",
        "2026-03-29T10:00:00Z",
      ),
    ).toMatchObject({ decision: "allow", title: "No rule applies" });
  });

  const freezes = `
freezes:
  - { name: month-end, timezone: UTC, environments: ["production*"], during: { from: "2026-03-30T00:00", until: "2026-03-31T00:00" }, reason: Books close., exempt: { rollbacks: true, teams: [finance], labels: [hotfix] } }
`;
  const frozen = policy(rule("not-frozen", "not_frozen: true"), freezes);

  it.each([
    {
      row: 29,
      facts: "deployment: { environment: production, sha: abc, actor: ada }",
      decision: "wait",
    },
    {
      row: 29,
      facts:
        "deployment: { environment: production, sha: abc, actor: fred }\npeople: { fred: { teams: [finance] } }",
      decision: "allow",
    },
    {
      row: 29,
      facts:
        "deployment: { environment: production, sha: abc, actor: ada }\npull_request: { labels: [{ name: hotfix, by: eve }], commits: [{ sha: abc, author: ada }] }",
      decision: "wait",
    },
    {
      row: 29,
      facts:
        "deployment: { environment: production, sha: abc, actor: ada }\npull_request: { labels: [{ name: hotfix, by: fred }], commits: [{ sha: abc, author: ada }] }\npeople: { fred: { teams: [finance] } }",
      decision: "allow",
    },
    {
      row: 49,
      facts:
        "deployment: { environment: production, sha: abc, actor: ada }\ndeployments: [{ environment: production, sha: abc, state: success, at: 2026-02-01T00:00:00Z }]",
      decision: "allow",
    },
  ])("row $row: $facts → $decision", ({ facts, decision }) => {
    expect(answer(frozen, facts, "2026-03-30T12:00:00Z").decision).toBe(decision);
  });

  it("a freeze that a person made holds, also where no rule of the policy looks at freezes", () => {
    const facts =
      "deployment: { environment: production, sha: abc }\nfreezes: [{ environment: production, name: incident, reason: database down, by: bob }]";
    const made = answer(policy(rule("hours", "window: business-hours"), windows), facts);
    expect(made.decision).toBe("wait");
    expect(made.title).toContain(
      "Freeze incident is on until further notice, made by @bob: database down",
    );
    expect(answer(frozen, facts, "2026-05-01T12:00:00Z").decision).toBe("wait");
    expect(
      answer(
        frozen,
        facts.replace("environment: production, name", "environment: staging, name"),
        "2026-05-01T12:00:00Z",
      ).decision,
    ).toBe("allow");
  });

  const approval = policy(rule("release", "approvals: { count: 2, teams: [one, two] }"));
  const people = "people: { x: { teams: [one, two] }, y: { teams: [one] }, z: { teams: [] } }";

  it.each([
    { row: 57, approvals: "[x, x]", decision: "wait" },
    { row: 57, approvals: "[x, y]", decision: "allow" },
    { row: 57, approvals: "[x, z]", decision: "wait" },
    { row: 39, approvals: "[x, y]", actor: "z, triggered_by: x", decision: "wait" },
    { row: 39, approvals: "[x, y]", actor: "x, triggered_by: z", decision: "wait" },
    { row: 39, approvals: "[x, y]", actor: "z", decision: "allow" },
    { row: 37, approvals: "[{ by: x, sha: old }, y]", decision: "wait" },
  ])(
    "row $row: approvals $approvals, asked for by $actor → $decision",
    ({ approvals, actor, decision }) => {
      expect(
        answer(
          approval,
          `deployment: { environment: production, sha: abc, actor: ${actor ?? "dave"} }\napprovals: ${approvals}\n${people}`,
        ).decision,
      ).toBe(decision);
    },
  );

  it("T52: authors of what goes out do not approve it", () => {
    const one = policy(rule("release", "approvals: { count: 1 }"));
    const facts = (by: string): string =>
      `deployment: { environment: production, sha: abc, actor: dave }\npull_request: { commits: [{ sha: abc, author: ada, co_authors: [carol] }] }\napprovals: [${by}]`;
    expect(["ada", "carol", "dave", "bob"].map((by) => answer(one, facts(by)).decision)).toEqual([
      "wait",
      "wait",
      "wait",
      "allow",
    ]);
  });

  const promoted = policy(
    rule("proven", "promoted_from: { environment: staging, bake: 30m, checks: [smoke] }"),
  );

  it.each([
    { past: "[]", checks: "[{ name: smoke, conclusion: success }]", decision: "wait" },
    {
      past: "[{ environment: staging, sha: abc, state: success, at: 2026-03-30T06:00:00Z }]",
      checks: "[{ name: smoke, conclusion: success }]",
      decision: "allow",
    },
    {
      past: "[{ environment: staging, sha: abc, state: success, at: 2026-03-30T06:45:00Z }]",
      checks: "[{ name: smoke, conclusion: success }]",
      decision: "wait",
    },
    {
      past: "[{ environment: staging, sha: abc, state: success, at: 2026-03-30T06:00:00Z }]",
      checks: "[{ name: smoke, conclusion: failure }]",
      decision: "wait",
    },
    {
      past: "[{ environment: staging, sha: abc, state: success, at: 2026-03-30T05:00:00Z }, { environment: staging, sha: abc, state: failure, at: 2026-03-30T06:00:00Z }]",
      checks: "[{ name: smoke, conclusion: success }]",
      decision: "wait",
    },
    {
      past: "[{ environment: staging, sha: other, state: success, at: 2026-03-30T06:00:00Z }]",
      checks: "[{ name: smoke, conclusion: success }]",
      decision: "wait",
    },
  ])("promotion: $past, $checks → $decision, never a rejection", ({ past, checks, decision }) => {
    expect(
      answer(
        promoted,
        `deployment: { environment: production, sha: abc }\ndeployments: ${past}\nchecks: ${checks}`,
      ).decision,
    ).toBe(decision);
  });

  it("an older commit that ran here needs neither order, bake nor window, but authority all the same", () => {
    const all = policy(
      rule("proven", "promoted_from: { environment: staging, bake: 30m }") +
        rule("hours", "window: business-hours") +
        rule("release", "approvals: { count: 1 }"),
      windows,
    );
    const facts =
      "deployment: { environment: production, sha: abc, actor: dave }\ndeployments: [{ environment: production, sha: abc, state: inactive, at: 2026-02-01T00:00:00Z }]";
    const unapproved = answer(all, facts, "2026-03-29T10:00:00Z");
    expect(verdicts(unapproved)).toEqual({
      proven: "skipped",
      hours: "skipped",
      release: "pending",
    });
    expect(unapproved.decision).toBe("wait");
    expect(answer(all, `${facts}\napprovals: [bob]`, "2026-03-29T10:00:00Z").decision).toBe(
      "allow",
    );
  });

  it.each([
    { facts: "pull_request: { commits: [{ sha: abc }] }", decision: "allow" },
    { facts: "changes: [{ sha: abc, pull_request: 7, gate: allow }]", decision: "allow" },
    { facts: "changes: [{ sha: abc, pull_request: 7, override: emergency }]", decision: "allow" },
    { facts: "changes: [{ sha: one }, { sha: abc, pull_request: 7 }]", decision: "deny" },
    { facts: "changes: [{ sha: abc, pull_request: 7, gate: deny }]", decision: "deny" },
    { facts: "changes: [{ sha: abc, pull_request: 7, gate: none }]", decision: "deny" },
    { facts: "{}", decision: "deny" },
  ])("what goes out: $facts → $decision", ({ facts, decision }) => {
    const gated = policy(rule("gated", "changes_gated: { since: last_deployment }"));
    expect(
      answer(
        gated,
        `deployment: { environment: production, sha: abc }\n${facts === "{}" ? "" : facts}`,
      ).decision,
    ).toBe(decision);
  });

  it("on_fail: hold waits where it would be rejected", () => {
    const gated = policy(
      rule("gated", "changes_gated: { since: last_deployment }", ", on_fail: hold"),
    );
    expect(
      answer(gated, "deployment: { environment: production, sha: abc }\nchanges: [{ sha: abc }]")
        .decision,
    ).toBe("wait");
  });

  it.each([
    { ref: "refs/pull/12/merge", fork: "", decision: "wait" },
    { ref: "refs/pull/12/merge", fork: ", fork: true", decision: "wait" },
    { ref: "refs/pull/12/merge", fork: ", fork: false", decision: "wait" },
    { ref: "main", fork: "", decision: "allow" },
  ])("a deployment of $ref$fork → $decision", ({ ref, fork, decision }) => {
    expect(
      answer(
        policy(rule("hours", "window: business-hours"), windows),
        `deployment: { environment: production, sha: abc, ref: ${ref}${fork} }`,
      ).decision,
    ).toBe(decision);
  });

  it("a moved tag is flagged, and the commit is judged", () => {
    const moved = answer(
      policy(rule("hours", "window: business-hours"), windows),
      "deployment: { environment: production, sha: abc, ref: v1, moved_to: fff }",
    );
    expect(moved.decision).toBe("allow");
    expect(moved.summary).toContain("ref-moved");
  });

  it.each(["approvals", "freezes", "deployments", "deployment"])(
    "%s that cannot be read never allow",
    (fact) => {
      const all = policy(
        rule("release", "approvals: { count: 1 }") +
          rule("not-frozen", "not_frozen: true") +
          rule("proven", "promoted_from: { environment: staging }"),
      );
      const facts = `deployment: { environment: production, sha: abc, actor: dave }\napprovals: [bob]\ndeployments: [{ environment: staging, sha: abc, state: success, at: 2026-03-01T00:00:00Z }]\npull_request: { commits: [{ sha: abc, author: ada }] }`;
      expect(answer(all, facts).decision).toBe("allow");
      expect(answer(all, `${facts}\nunreadable: [${fact}]`).decision).toBe("wait");
    },
  );

  it("reads calendars beside the policy", () => {
    const filed = policy(
      rule("not-frozen", "not_frozen: true"),
      'freezes: [{ name: shutdown, timezone: UTC, during: { ics: ".github/shutdown.ics" } }]\n',
    );
    const ics = [
      "BEGIN:VCALENDAR",
      "VERSION:2.0",
      "BEGIN:VEVENT",
      "UID:1",
      "DTSTART;VALUE=DATE:20260330",
      "DTEND;VALUE=DATE:20260331",
      "SUMMARY:Shutdown",
      "END:VEVENT",
      "END:VCALENDAR",
      "",
    ].join("\r\n");
    const facts = "deployment: { environment: production, sha: abc }";
    expect(
      answer(filed, facts, "2026-03-30T12:00:00Z", { ".github/shutdown.ics": ics }).decision,
    ).toBe("wait");
    expect(
      answer(filed, facts, "2026-03-31T12:00:00Z", { ".github/shutdown.ics": ics }).decision,
    ).toBe("allow");
    expect(answer(filed, facts, "2026-03-31T12:00:00Z").decision).toBe("wait");
  });

  it("a rule that breaks holds, and never allows", () => {
    expect(
      answer(
        policy(rule("release", "approvals: { count: 1 }")),
        "deployment: { environment: production, sha: abc }\napprovals: [bob]\nunreadable: [deployed_range]",
      ).decision,
    ).toBe("wait");
  });
});
