import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DecisionKind } from "#core/model/decision.ts";
import { evaluateSimulated } from "#core/simulate/evaluate.ts";
import { ruleList } from "#core/rules/index.ts";

type Data = Readonly<Record<string, unknown>>;

const clock = Date.parse("2026-03-30T12:00:00Z");
const times = {
  windows: {
    open: { timezone: "UTC", open: [{ days: ["mon"], from: "09:00", to: "17:00" }] },
    shut: { timezone: "UTC", open: [{ days: ["tue"], from: "09:00", to: "17:00" }] },
  },
  freezes: [
    {
      name: "on",
      timezone: "UTC",
      during: { from: "2026-03-01T00:00", until: "2026-04-01T00:00" },
    },
    {
      name: "off",
      timezone: "UTC",
      during: { from: "2030-01-01T00:00", until: "2030-01-02T00:00" },
    },
  ],
};

/** For a longer look, say 1,000. */
const runs = { numRuns: 40 };

const some = <Value>(...values: readonly Value[]): fc.Arbitrary<readonly Value[]> =>
  fc.subarray([...values], { minLength: 1 });
const may = (shape: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Data> =>
  fc.record({ ...shape }, { requiredKeys: [] });
const people = {
  users: some("ann", "ben", "eve"),
  teams: some("backend", "guests"),
  roles: some("read", "write", "maintain"),
};

/** Parameters of each requirement that facts in plain words can tell apart; those that do not fit together are left out. */
const params: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  reviews: may({
    approvals: fc.nat(2),
    ...people,
    each: fc.array(may({ approvals: fc.constantFrom(1, 2), teams: some("backend", "guests") }), {
      minLength: 1,
      maxLength: 2,
    }),
    stale: fc.constantFrom("dismiss", "keep_if_same_diff", "keep"),
    allow_author: fc.boolean(),
    allow_contributors: fc.boolean(),
    block_on_changes_requested: fc.boolean(),
    resolved_threads: fc.boolean(),
    bots: fc.subarray(["robo[bot]", "other[bot]"]),
  }),
  tests: may({
    min: fc.constantFrom(1, 5, 20),
    max_failed: fc.nat(2),
    not_fewer_than_base: fc.constantFrom(50, 100),
    if_absent: fc.constantFrom("pending", "skip"),
  }),
  health: fc.record(
    {
      source: fc.constant("metrics"),
      query: fc.constant("q"),
      is: fc.constantFrom("<= 1", "<= 0.5", "< 1", ">= 1", "!= 1"),
      for: fc.constantFrom(0, "5m", "30m"),
      no_data: fc.constantFrom("hold", "fail"),
    },
    { requiredKeys: ["source", "query", "is"] },
  ),
  no_incident: fc.record({ labels: some("incident", "outage") }),
  forward_only: fc.constant(true),
  checks: may({
    names: some("unit", "un*", "lint"),
    app: fc.constantFrom("github-actions", "other"),
    workflow: fc.constantFrom("ci.yml", "x.yml"),
    conclusions: some("success", "neutral", "failure"),
    trusted: fc.boolean(),
    all: fc.boolean(),
  }),
  coverage: may({
    project: fc.constantFrom(0, 70, 90),
    patch: fc.constantFrom(70, 90),
    max_drop: fc.constantFrom(0, 5),
    trusted: fc.boolean(),
    if_absent: fc.constantFrom("pending", "skip"),
  }),
  findings: may({
    block: fc.constantFrom("none", "critical", "high", "low"),
    kinds: some("code", "secret", "dependency"),
    tools: some("codeql", "trivy"),
    new_only: fc.boolean(),
    unrated: fc.constantFrom("low", "critical"),
    require_scan: fc.oneof(fc.constantFrom("any", "none"), some("codeql", "trivy")),
    from: some("code-scanning", "dependabot", "artifacts", "secret-scanning", "dependency-review"),
    trusted: fc.boolean(),
  }),
  licenses: fc
    .tuple(
      fc.constantFrom("allow", "deny"),
      some("MIT", "GPL-3.0-only"),
      fc.constantFrom("fail", "warn"),
    )
    .map(([list, names, unknown]) => ({ [list]: names, unknown })),
  commits: may({
    signed: fc.boolean(),
    signed_off: fc.boolean(),
    linear: fc.boolean(),
    message: fc.constantFrom("^feat", "."),
  }),
  title: may({ pattern: fc.constantFrom("^feat", "x", ".") }),
  labels: may({
    all: some("ready", "wip"),
    any: some("ready", "wip", "legal"),
    none: some("legal", "wip"),
  }),
  size: may({
    max_lines: fc.constantFrom(5, 20),
    max_files: fc.constantFrom(1, 3),
    ignore: some("db/**", "src/**"),
  }),
  ticket: may({
    pattern: fc.constantFrom("ABC-[0-9]+", "x"),
    in: some("title", "body", "commits"),
    linked_issue: fc.boolean(),
  }),
  separate: may({ paths: some("db/**", "src/**"), from: some("src/**", "**", "db/**") }),
  window: fc.oneof(fc.constantFrom("open", "shut"), some("open", "shut")),
  not_frozen: fc.oneof(fc.constant(true), fc.constantFrom("on", "off"), some("on", "off")),
  approvals: may({
    count: fc.constantFrom(1, 2),
    ...people,
    exclude: fc.subarray(["requester", "authors"]),
  }),
  promoted_from: may({
    environment: fc.constantFrom("staging", "dev"),
    bake: fc.constantFrom("1h", "9h"),
    checks: some("unit", "lint"),
    within: fc.constantFrom("3h", "2d"),
    health: fc.subarray(
      ["<= 1", "<= 0.5", ">= 1"].map((is) => ({ source: "metrics", query: "q", is })),
      { minLength: 1 },
    ),
  }),
};
const atDeployments: readonly string[] = [
  "health",
  "window",
  "not_frozen",
  "approvals",
  "promoted_from",
  "forward_only",
];

const who = fc.constantFrom("ann", "ben", "eve", "robo[bot]");
const facts = fc.record(
  {
    pull_request: fc.record({
      author: fc.constantFrom("ann", "dan"),
      title: fc.constantFrom("feat: ABC-1", "x", "feat"),
      labels: fc.subarray(["ready", "wip", "legal"]),
      files: fc.subarray(
        [
          { path: "src/a", additions: 4 },
          { path: "db/a", additions: 9 },
          { path: ".github/workflows/x.yml", additions: 1 },
        ],
        { minLength: 1 },
      ),
      commits: fc.constant([{ sha: "c0", author: "dan", message: "feat: ABC-1" }]),
    }),
    reviews: fc.array(
      fc.record({
        by: who,
        state: fc.constantFrom("approved", "approved", "changes_requested"),
        commit: fc.constant("c0"),
      }),
      { maxLength: 4 },
    ),
    threads: fc.record({ unresolved: fc.nat(1) }),
    checks: fc.array(
      fc.record({
        name: fc.constantFrom("unit", "unix", "lint"),
        app: fc.constantFrom("github-actions", "other"),
        conclusion: fc.constantFrom("success", "success", "failure", "neutral"),
        workflow: fc.constantFrom(".github/workflows/ci.yml", ".github/workflows/x.yml"),
      }),
      { maxLength: 4 },
    ),
    coverage: fc.record({
      project: fc.constantFrom(60, 70, 90),
      patch: fc.constantFrom(70, 90),
      base: fc.constantFrom(70, 91),
    }),
    findings: fc.array(
      fc.record({
        id: fc.constantFrom("F", "G"),
        kind: fc.constantFrom("code", "secret", "dependency"),
        tool: fc.constantFrom("codeql", "trivy"),
        severity: fc.constantFrom("critical", "high", "low"),
        new: fc.boolean(),
      }),
      { maxLength: 2 },
    ),
    scans: fc.subarray(["codeql", "trivy"]),
    tests: fc.record({
      ran: fc.constantFrom(0, 4, 30),
      failed: fc.subarray(["a", "b"]),
      base: fc.constantFrom(4, 40),
    }),
    incidents: fc.subarray(["incident", "outage"]),
    licenses: fc.constantFrom(
      {},
      { x: "MIT" },
      { x: "GPL-3.0-only" },
      { x: "MIT", y: "GPL-3.0-only" },
    ),
    people: fc.constant({
      ann: { teams: ["backend"], role: "maintain" },
      ben: { teams: ["guests"], role: "read" },
      eve: { role: "read" },
      "robo[bot]": { bot: true },
    }),
  },
  { requiredKeys: ["pull_request", "people"] },
);
const deployed = fc.record(
  {
    deployment: fc.constant({ environment: "production", sha: "c0", actor: "dan" }),
    deployments: fc.array(
      fc.record({
        environment: fc.constantFrom("staging", "dev", "production"),
        sha: fc.constantFrom("c0", "c1"),
        order: fc.constantFrom("older", "newer", "diverged"),
        state: fc.constantFrom("success", "failure"),
        at: fc.constantFrom("2026-03-30T09:00:00Z", "2026-03-29T09:00:00Z"),
      }),
      { maxLength: 2 },
    ),
    checks: fc.array(
      fc.record({
        name: fc.constantFrom("unit", "lint"),
        conclusion: fc.constantFrom("success", "failure"),
      }),
      { maxLength: 2 },
    ),
    health: fc.array(
      fc.record(
        {
          source: fc.constant("metrics"),
          value: fc.constantFrom(0, 0.5, 0.7, 1, 2, null),
          for: fc.constantFrom("1m", "10m"),
        },
        { requiredKeys: ["source", "value"] },
      ),
      { maxLength: 1 },
    ),
    approvals: fc.array(
      fc.record({
        by: fc.constantFrom("ann", "ben", "eve", "dan"),
        environment: fc.constant("production"),
      }),
      { maxLength: 3 },
    ),
    people: fc.constant({
      ann: { teams: ["backend"], role: "maintain" },
      ben: { teams: ["guests"], role: "read" },
      eve: { role: "read" },
    }),
  },
  { requiredKeys: ["deployment", "people"] },
);

/** undefined: parameters that the language refuses. */
function decisionOf(own: Data, organization: Data, given: Data): DecisionKind | undefined {
  const result = evaluateSimulated({
    policy: JSON.stringify(own),
    organization: JSON.stringify(organization),
    facts: JSON.stringify(given),
    now: clock,
    clock,
    presets: new Map(),
  });
  if (!result.ok) {
    if (result.input === "facts") throw new Error(JSON.stringify(result.problems));
    return undefined;
  }
  return result.answer.decision;
}

describe("the law of repositories_may: tighten", () => {
  it.each(Object.entries(params))(
    "W11: whatever a repository writes, %s allows nothing that the organisation's does not",
    (name, given) => {
      let compared = 0;
      fc.assert(
        fc.property(
          given,
          given,
          atDeployments.includes(name) ? deployed : facts,
          (ours, theirs, world) => {
            const rule = { name: "r", require: { [name]: ours }, repositories_may: "tighten" };
            const organization = { ...times, rules: [rule] };
            const alone = decisionOf({}, organization, world);
            const tightened = decisionOf(
              { rules: [{ name: "r", require: { [name]: theirs } }] },
              organization,
              world,
            );
            if (alone === undefined || tightened === undefined) return;
            compared += 1;
            if (alone !== "allow") expect(tightened).not.toBe("allow");
          },
        ),
        runs,
      );
      expect(compared).toBeGreaterThan(runs.numRuns / 10);
    },
  );

  it("W11: has parameters for each requirement that facts in plain words can decide both ways", () => {
    const others = [
      "body",
      "branch_name",
      "up_to_date",
      "pinned_actions",
      "changes_gated",
      "attestation",
      // The texts of workflows are not among the facts that policy tests can state.
      "workflows",
    ];
    expect(
      ruleList
        .map(({ name }) => name)
        .filter((name) => !others.includes(name) && params[name] === undefined),
    ).toEqual([]);
  });
});
