import { describe, expect, it } from "vitest";
import { ask, outcome } from "./ask.ts";

type Row = readonly [what: string, require: string, facts: string, expected: string];

const pass = "allow r=pass";
const fail = "deny r=fail";
const pending = "wait r=pending";
const unknown = "wait r=unknown";
const skipped = "allow r=skipped";

const parts = `
windows:
  hours: { timezone: Europe/Berlin, open: [{ days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00" }] }
  night: { timezone: UTC, open: [{ days: [mon, tue, wed, thu, fri], from: "22:00", to: "02:00" }] }
  twice: { timezone: UTC, open: [{ cron: "0 10 * * *", duration: 2h }, { cron: "0 14 * * *", duration: 2h }] }
  overlap: { timezone: Europe/Berlin, open: [{ from: "2026-10-25T01:00", until: "2026-10-25T02:30" }] }
freezes:
  - { name: weekend, timezone: UTC, environments: [production], during: { from: "2020-04-10T23:00", until: "2020-04-13T07:00" }, reason: Easter., exempt: { teams: [ops], rollbacks: true } }
  - { name: staging-only, timezone: UTC, environments: [staging], during: { from: "2020-04-10T23:00", until: "2020-04-13T07:00" } }
  - { name: cairo, timezone: Africa/Cairo, environments: [cairo], during: { from: "2026-04-24T00:00", until: "2026-04-25T00:00" } }
  - { name: overlap, timezone: Europe/Berlin, environments: [berlin], during: { from: "2026-10-25T01:00", until: "2026-10-25T02:30" } }
  - { name: month-end, timezone: UTC, environments: [books], during: { month_end: { last_business_days: 3 } } }
`;

function table(name: string, rows: readonly Row[]): void {
  describe(name, () => {
    it.each(rows)("%s", async (_what, require, facts, expected) => {
      expect(
        await outcome({
          policy: `version: 1\nrules:\n  - name: r\n    applies_to: deployment\n    require: ${require}\n${parts}`,
          facts,
        }),
      ).toBe(expected);
    });
  });
}

const at = (now: string, more = ""): string =>
  `deployment: { environment: production, sha: a, actor: ada }\nnow: ${now}\n${more}`;

table("window", [
  ["09–17 Berlin at 07:00Z in summer", "{ window: hours }", at("2026-03-30T07:00:00Z"), pass],
  ["a second before", "{ window: hours }", at("2026-03-30T06:59:59Z"), pending],
  ["in winter an hour later", "{ window: hours }", at("2026-03-27T07:00:00Z"), pending],
  ["half-open: its end is outside", "{ window: hours }", at("2026-03-30T15:00:00Z"), pending],
  ["its last second", "{ window: hours }", at("2026-03-30T14:59:59Z"), pass],
  ["on a Sunday", "{ window: hours }", at("2026-03-29T10:00:00Z"), pending],
  ["over midnight: the next day", "{ window: night }", at("2026-03-28T01:59:59Z"), pass],
  ["over midnight: its end", "{ window: night }", at("2026-03-28T02:00:00Z"), pending],
  ["over midnight: no start on Saturday", "{ window: night }", at("2026-03-28T22:30:00Z"), pending],
  ["11 h", "{ window: twice }", at("2026-03-30T11:00:00Z"), pass],
  ["13 h", "{ window: twice }", at("2026-03-30T13:00:00Z"), pending],
  ["15 h", "{ window: twice }", at("2026-03-30T15:00:00Z"), pass],
  ["17 h", "{ window: twice }", at("2026-03-30T17:00:00Z"), pending],
  [
    "a list: one that is open is enough",
    "{ window: [night, hours] }",
    at("2026-03-30T07:00:00Z"),
    pass,
  ],
  ["allowed until 00:30Z", "{ window: overlap }", at("2026-10-25T00:29:59Z"), pass],
  ["no longer at 00:30Z", "{ window: overlap }", at("2026-10-25T00:30:00Z"), pending],
]);

table("not_frozen", [
  ["22:59", "{ not_frozen: true }", at("2020-04-10T22:59:00Z"), pass],
  ["23:01", "{ not_frozen: true }", at("2020-04-10T23:01:00Z"), pending],
  ["06:59", "{ not_frozen: true }", at("2020-04-13T06:59:00Z"), pending],
  ["07:01", "{ not_frozen: true }", at("2020-04-13T07:01:00Z"), pass],
  ["its very start", "{ not_frozen: true }", at("2020-04-10T23:00:00Z"), pending],
  ["its very end", "{ not_frozen: true }", at("2020-04-13T07:00:00Z"), pass],
  ["only an inactive freeze", "{ not_frozen: true }", at("2026-03-30T07:00:00Z"), pass],
  ["another freeze by name", "{ not_frozen: [staging-only] }", at("2020-04-11T00:00:00Z"), pass],
  ["this freeze by name", "{ not_frozen: [weekend] }", at("2020-04-11T00:00:00Z"), pending],
  [
    "the requester is of an exempt team",
    "{ not_frozen: true }",
    at("2020-04-11T00:00:00Z", "people: { ada: { teams: [ops] } }"),
    pass,
  ],
  [
    "the requester is not",
    "{ not_frozen: true }",
    at("2020-04-11T00:00:00Z", "people: { ada: { teams: [web] } }"),
    pending,
  ],
  [
    "a roll back, where exempt",
    "{ not_frozen: true }",
    at(
      "2020-04-11T00:00:00Z",
      "deployments: [{ environment: production, sha: a, state: success, at: 2020-03-01T00:00:00Z }, { environment: production, sha: b, state: success, at: 2020-04-01T00:00:00Z }]",
    ),
    pass,
  ],
  [
    "before it begins",
    "{ not_frozen: true }",
    "deployment: { environment: cairo, sha: a }\nnow: 2026-04-23T21:59:59Z",
    pass,
  ],
  [
    "from 22:00Z",
    "{ not_frozen: true }",
    "deployment: { environment: cairo, sha: a }\nnow: 2026-04-23T22:00:00Z",
    pending,
  ],
  [
    "until 21:00Z",
    "{ not_frozen: true }",
    "deployment: { environment: cairo, sha: a }\nnow: 2026-04-24T20:59:59Z",
    pending,
  ],
  [
    "over at 21:00Z",
    "{ not_frozen: true }",
    "deployment: { environment: cairo, sha: a }\nnow: 2026-04-24T21:00:00Z",
    pass,
  ],
  [
    "frozen until 01:30Z",
    "{ not_frozen: true }",
    "deployment: { environment: berlin, sha: a }\nnow: 2026-10-25T01:29:59Z",
    pending,
  ],
  [
    "over at 01:30Z",
    "{ not_frozen: true }",
    "deployment: { environment: berlin, sha: a }\nnow: 2026-10-25T01:30:00Z",
    pass,
  ],
  [
    "month end: the third last business day",
    "{ not_frozen: true }",
    "deployment: { environment: books, sha: a }\nnow: 2026-03-27T00:00:00Z",
    pending,
  ],
  [
    "month end: a second before",
    "{ not_frozen: true }",
    "deployment: { environment: books, sha: a }\nnow: 2026-03-26T23:59:59Z",
    pass,
  ],
  [
    "month end: until the first business day",
    "{ not_frozen: true }",
    "deployment: { environment: books, sha: a }\nnow: 2026-04-01T00:00:00Z",
    pass,
  ],
  [
    "a freeze made by a person",
    "{ not_frozen: true }",
    at("2026-03-30T07:00:00Z", "freezes: [{ environment: production, reason: incident, by: ada }]"),
    pending,
  ],
  [
    "one of another environment",
    "{ not_frozen: true }",
    at("2026-03-30T07:00:00Z", "freezes: [{ environment: staging }]"),
    pass,
  ],
  [
    "one that is over",
    "{ not_frozen: true }",
    at(
      "2026-03-30T07:00:00Z",
      "freezes: [{ environment: production, until: 2026-03-30T07:00:00Z }]",
    ),
    pass,
  ],
  [
    "one to come",
    "{ not_frozen: true }",
    at(
      "2026-03-30T07:00:00Z",
      "freezes: [{ environment: production, from: 2026-03-30T08:00:00Z }]",
    ),
    pass,
  ],
  [
    "one by a word alone",
    "{ not_frozen: true }",
    at("2026-03-30T07:00:00Z", "freezes: [production]"),
    pending,
  ],
  [
    "unreadable",
    "{ not_frozen: true }",
    at("2026-03-30T07:00:00Z", "unreadable: [freezes]"),
    unknown,
  ],
]);

table("approvals", [
  ["nobody", "{ approvals: {} }", at("2026-03-30T07:00:00Z"), pending],
  [
    "somebody with write access",
    "{ approvals: {} }",
    at("2026-03-30T07:00:00Z", "approvals: [{ by: bob, environment: production, sha: a }]"),
    pass,
  ],
  ["by a login alone", "{ approvals: {} }", at("2026-03-30T07:00:00Z", "approvals: [bob]"), pass],
  [
    "the requester",
    "{ approvals: {} }",
    at("2026-03-30T07:00:00Z", "approvals: [{ by: Ada }]"),
    pending,
  ],
  [
    "the requester, not excluded",
    "{ approvals: { exclude: [] } }",
    at("2026-03-30T07:00:00Z", "approvals: [{ by: ada }]"),
    pass,
  ],
  [
    "an author of what goes out",
    "{ approvals: {} }",
    at("2026-03-30T07:00:00Z", "approvals: [{ by: cem }]\npull_request: { author: cem }"),
    pending,
  ],
  [
    "who re-ran it",
    "{ approvals: {} }",
    "deployment: { environment: production, sha: a, actor: ada, triggered_by: bob }\napprovals: [bob]",
    pending,
  ],
  [
    "another environment",
    "{ approvals: {} }",
    at("2026-03-30T07:00:00Z", "approvals: [{ by: bob, environment: staging }]"),
    pending,
  ],
  [
    "another commit",
    "{ approvals: {} }",
    at("2026-03-30T07:00:00Z", "approvals: [{ by: bob, sha: b }]"),
    pending,
  ],
  [
    "two wanted",
    "{ approvals: { count: 2 } }",
    at("2026-03-30T07:00:00Z", "approvals: [bob, eve]"),
    pass,
  ],
  [
    "two wanted, one person twice",
    "{ approvals: { count: 2 } }",
    at("2026-03-30T07:00:00Z", "approvals: [bob, BOB]"),
    pending,
  ],
  [
    "a team",
    "{ approvals: { teams: [seniors] } }",
    at("2026-03-30T07:00:00Z", "approvals: [bob]\npeople: { bob: { teams: [seniors] } }"),
    pass,
  ],
  [
    "no member of it",
    "{ approvals: { teams: [seniors] } }",
    at("2026-03-30T07:00:00Z", "approvals: [bob]\npeople: { bob: { teams: [juniors] } }"),
    pending,
  ],
  [
    "in both teams, counts once",
    "{ approvals: { count: 2, teams: [a, b] } }",
    at("2026-03-30T07:00:00Z", "approvals: [bob]\npeople: { bob: { teams: [a, b] } }"),
    pending,
  ],
  [
    "a reader",
    "{ approvals: {} }",
    at("2026-03-30T07:00:00Z", "approvals: [bob]\npeople: { bob: { role: read } }"),
    pending,
  ],
  [
    "a bot",
    "{ approvals: {} }",
    at("2026-03-30T07:00:00Z", "approvals: [robot]\npeople: { robot: { bot: true } }"),
    pending,
  ],
  [
    "unreadable",
    "{ approvals: {} }",
    at("2026-03-30T07:00:00Z", "approvals: [bob]\nunreadable: [approvals]"),
    unknown,
  ],
]);

const staging = (state: string, time: string, sha = "a"): string =>
  `deployments: [{ environment: staging, sha: ${sha}, state: ${state}, at: ${time} }]`;

table("promoted_from", [
  [
    "never there",
    "{ promoted_from: { environment: staging } }",
    at("2026-03-30T07:00:00Z"),
    pending,
  ],
  [
    "succeeded there",
    "{ promoted_from: { environment: staging } }",
    at("2026-03-30T07:00:00Z", staging("success", "2026-03-30T06:00:00Z")),
    pass,
  ],
  [
    "failed there",
    "{ promoted_from: { environment: staging } }",
    at("2026-03-30T07:00:00Z", staging("failure", "2026-03-30T06:00:00Z")),
    pending,
  ],
  [
    "still running there",
    "{ promoted_from: { environment: staging } }",
    at("2026-03-30T07:00:00Z", staging("in_progress", "2026-03-30T06:00:00Z")),
    pending,
  ],
  [
    "another commit",
    "{ promoted_from: { environment: staging } }",
    at("2026-03-30T07:00:00Z", staging("success", "2026-03-30T06:00:00Z", "b")),
    pending,
  ],
  [
    "succeeded, then failed",
    "{ promoted_from: { environment: staging } }",
    at(
      "2026-03-30T07:00:00Z",
      "deployments: [{ environment: staging, sha: a, state: success, at: 2026-03-30T05:00:00Z }, { environment: staging, sha: a, state: failure, at: 2026-03-30T06:00:00Z }]",
    ),
    pending,
  ],
  [
    "not baked",
    "{ promoted_from: { environment: staging, bake: 30m } }",
    at("2026-03-30T07:00:00Z", staging("success", "2026-03-30T06:30:01Z")),
    pending,
  ],
  [
    "baked",
    "{ promoted_from: { environment: staging, bake: 30m } }",
    at("2026-03-30T07:00:00Z", staging("success", "2026-03-30T06:30:00Z")),
    pass,
  ],
  [
    "too long ago",
    "{ promoted_from: { environment: staging, within: 1d } }",
    at("2026-03-30T07:00:00Z", staging("success", "2026-03-28T06:30:00Z")),
    pending,
  ],
  [
    "not too long ago",
    "{ promoted_from: { environment: staging, within: 1d } }",
    at("2026-03-30T07:00:00Z", staging("success", "2026-03-29T07:30:00Z")),
    pass,
  ],
  [
    "a check is absent",
    "{ promoted_from: { environment: staging, checks: [smoke] } }",
    at("2026-03-30T07:00:00Z", staging("success", "2026-03-29T07:30:00Z")),
    pending,
  ],
  [
    "a check passed",
    "{ promoted_from: { environment: staging, checks: [smoke] } }",
    at(
      "2026-03-30T07:00:00Z",
      `${staging("success", "2026-03-29T07:30:00Z")}\nchecks: [{ name: smoke, conclusion: success }]`,
    ),
    pass,
  ],
  [
    "a check failed: pending all the same",
    "{ promoted_from: { environment: staging, checks: [smoke] } }",
    at(
      "2026-03-30T07:00:00Z",
      `${staging("success", "2026-03-29T07:30:00Z")}\nchecks: [{ name: smoke, conclusion: failure }]`,
    ),
    pending,
  ],
  [
    "it ran here before",
    "{ promoted_from: { environment: staging, bake: 30m } }",
    at(
      "2026-03-30T07:00:00Z",
      "deployments: [{ environment: production, sha: a, state: success, at: 2026-01-01T00:00:00Z }, { environment: production, sha: b, state: success, at: 2026-02-01T00:00:00Z }]",
    ),
    skipped,
  ],
  [
    "unreadable",
    "{ promoted_from: { environment: staging } }",
    at("2026-03-30T07:00:00Z", "unreadable: [deployments]"),
    unknown,
  ],
]);

table("the fast lane", [
  [
    "window",
    "{ window: hours }",
    at(
      "2026-03-29T10:00:00Z",
      "deployments: [{ environment: production, sha: a, state: success, at: 2026-01-01T00:00:00Z }, { environment: production, sha: b, state: success, at: 2026-02-01T00:00:00Z }]",
    ),
    skipped,
  ],
  [
    "authority stays",
    "{ approvals: {} }",
    at(
      "2026-03-29T10:00:00Z",
      "deployments: [{ environment: production, sha: a, state: success, at: 2026-01-01T00:00:00Z }]",
    ),
    pending,
  ],
  [
    "a success elsewhere is none here",
    "{ window: hours }",
    at(
      "2026-03-29T10:00:00Z",
      "deployments: [{ environment: staging, sha: a, state: success, at: 2026-01-01T00:00:00Z }]",
    ),
    pending,
  ],
  [
    "a failure here is none",
    "{ window: hours }",
    at(
      "2026-03-29T10:00:00Z",
      "deployments: [{ environment: production, sha: a, state: failure, at: 2026-01-01T00:00:00Z }]",
    ),
    pending,
  ],
]);

table("what also judges pull requests", [
  [
    "checks of the commit",
    "{ checks: { names: [unit] } }",
    at("2026-03-30T07:00:00Z", "checks: [{ name: unit, conclusion: success }]"),
    pass,
  ],
  [
    "a red check",
    "{ checks: { names: [unit] } }",
    at("2026-03-30T07:00:00Z", "checks: [{ name: unit, conclusion: failure }]"),
    fail,
  ],
  [
    "findings",
    "{ findings: { require_scan: none } }",
    at("2026-03-30T07:00:00Z", "findings: [{ id: x, severity: critical }]"),
    fail,
  ],
  ["a scan", "{ findings: {} }", at("2026-03-30T07:00:00Z", "scans: [codeql]"), pass],
  [
    "reviews of what goes out",
    "{ reviews: {} }",
    at(
      "2026-03-30T07:00:00Z",
      "pull_request: { author: ada }\nreviews: [{ by: bob, state: approved }]",
    ),
    pass,
  ],
  [
    "reviews told without a pull request",
    "{ reviews: {} }",
    at("2026-03-30T07:00:00Z", "reviews: [{ by: bob, state: approved }]"),
    pass,
  ],
  [
    "reviews that are missing",
    "{ reviews: {} }",
    at("2026-03-30T07:00:00Z", "pull_request: { author: ada }"),
    pending,
  ],
  [
    "a ticket of what goes out",
    "{ ticket: { pattern: 'OPS-[0-9]+' } }",
    at("2026-03-30T07:00:00Z", "pull_request: { title: OPS-1 x }"),
    pass,
  ],
  [
    "changes that were gated",
    "{ changes_gated: { since: last_deployment } }",
    at("2026-03-30T07:00:00Z", "pull_request: { author: ada, commits: [{ sha: a }] }"),
    pass,
  ],
  [
    "a direct push",
    "{ changes_gated: { since: last_deployment } }",
    at("2026-03-30T07:00:00Z", "changes: [{ sha: a, author: ada }]"),
    fail,
  ],
  [
    "an admin's merge",
    "{ changes_gated: { since: last_deployment } }",
    at("2026-03-30T07:00:00Z", "changes: [{ sha: a, pull_request: 7, gate: deny }]"),
    fail,
  ],
]);

describe("a deployment as a whole", () => {
  it.each([
    ["approvals", "wait not-rejected=unknown r=pass"],
    ["freezes", "wait not-frozen=unknown r=pass"],
    ["comments", "wait not-rejected=unknown not-frozen=unknown r=pass"],
  ])("%s that cannot be read hold, although no rule asks for them", async (fact, expected) => {
    expect(
      await outcome({
        policy: `rules: [{ name: r, require: { window: hours } }]${parts}`,
        facts: at("2026-03-30T07:00:00Z", `unreadable: [${fact}]`),
      }),
    ).toBe(expected);
  });

  it("a /hold holds it, and a /freeze where no rule asks for freezes", async () => {
    const policy = `rules: [{ name: r, require: { window: hours } }]${parts}`;
    expect(
      await outcome({
        policy,
        facts: at("2026-03-30T07:00:00Z", "comments: [{ by: bob, body: /gate hold not yet }]"),
      }),
    ).toBe("wait r=pass");
    expect(
      await outcome({
        policy,
        facts: at(
          "2026-03-30T07:00:00Z",
          "freezes: [{ environment: production, reason: incident, by: ada }]",
        ),
      }),
    ).toBe("wait not-frozen=pending r=pass");
  });

  it("freeze beats window; on_fail: hold holds; what is closed says until when", async () => {
    const policy = `version: 1\nrules:\n  - { name: hours, require: { window: hours } }\n  - { name: frozen, require: { not_frozen: true } }\n${parts.replace("2020-04-10T23:00", "2026-03-30T00:00").replace("2020-04-13T07:00", "2026-03-31T00:00")}`;
    expect(await outcome({ policy, facts: at("2026-03-30T08:00:00Z") })).toBe(
      "wait hours=pass frozen=pending",
    );
    const { json } = await ask({ policy, facts: at("2026-03-30T08:00:00Z") });
    expect(json?.title).toMatch(/weekend/);
    expect(json?.rules[1]?.next).toMatch(/2026-03-31/);
    expect(
      await outcome({
        policy:
          "rules: [{ name: r, applies_to: deployment, on_fail: hold, require: { checks: { names: [unit] } } }]",
        facts: at("2026-03-30T08:00:00Z", "checks: [{ name: unit, conclusion: failure }]"),
      }),
    ).toBe("wait r=fail");
  });

  it("rules of the other gate are not there", async () => {
    expect(
      await outcome({
        policy:
          "rules: [{ name: a, require: { reviews: {} } }, { name: b, require: { approvals: {} } }]",
        facts: at("2026-03-30T08:00:00Z", "approvals: [bob]"),
      }),
    ).toBe("allow b=pass");
  });

  it("a window may judge merges, too", async () => {
    const policy = `rules: [{ name: r, applies_to: pull_request, require: { window: hours } }]${parts}`;
    expect(await outcome({ policy, facts: "now: 2026-03-30T07:00:00Z" })).toBe("allow r=pass");
    expect(await outcome({ policy, facts: "now: 2026-03-29T07:00:00Z" })).toBe("wait r=pending");
  });

  it("what comes from a fork's pull request is held", async () => {
    expect(
      await outcome({
        policy: "rules: []",
        facts: "deployment: { environment: production, sha: a, ref: refs/pull/7/merge }",
      }),
    ).toMatch(/^wait /);
  });

  it("--now wins over the facts' own instant", async () => {
    const policy = `rules: [{ name: r, require: { window: hours } }]${parts}`;
    expect(
      await outcome({ policy, facts: at("2026-03-29T07:00:00Z"), now: "2026-03-30T07:00:00Z" }),
    ).toBe("allow r=pass");
  });
});
