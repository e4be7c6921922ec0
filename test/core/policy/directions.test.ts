import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Requirement } from "#core/policy/requirement.ts";
import { ruleList } from "#core/rules/index.ts";
import { effective } from "./some-policy.ts";

/** One parameter: what else the organisation says of the rule, its value, one that is tighter and one that is looser. `undefined`: left out; no tighter one: any other value is another demand. */
interface Row {
  readonly rule: string;
  readonly param: string;
  readonly also: Readonly<Record<string, unknown>>;
  readonly ours?: unknown;
  readonly tighter: readonly unknown[];
  readonly looser: readonly unknown[];
  /** Asks for more of less evidence: taken, and the organisation's value is asked for as well. */
  readonly beside: readonly unknown[];
  /** Pairs: what a repository writes, and what counts together with the organisation's. */
  readonly joined: readonly (readonly [unknown, unknown])[];
}

const row = (
  rule: string,
  param: string,
  ours: unknown,
  tighter: readonly unknown[],
  looser: readonly unknown[],
  also: Row["also"] = {},
  { beside = [], joined = [] }: Partial<Pick<Row, "beside" | "joined">> = {},
): Row => ({ rule, param, ours, tighter, looser, also, beside, joined });

const errorsBelow = (limit: string) => ({ source: "metrics", query: "q", is: `<= ${limit}` });

const rows: readonly Row[] = [
  row("tests", "min", 10, [20], [5, 1]),
  row("tests", "max_failed", 2, [1, 0], [3]),
  row("tests", "not_fewer_than_base", 90, [95], [80]),
  row("tests", "from", ["junit*"], [], [["other*"], ["junit*", "other*"]]),
  row("tests", "if_absent", "skip", ["pending"], []),
  row("tests", "if_absent", "pending", [], ["skip"]),
  row("workflows", "permissions", "declared", ["read"], []),
  row("workflows", "permissions", "read", [], ["declared"]),
  row(
    "workflows",
    "forbid",
    ["write_all"],
    [["write_all", "secrets_inherit"]],
    [],
    {},
    { joined: [[["secrets_inherit"], ["write_all", "secrets_inherit"]]] },
  ),
  row("workflows", "forbid", ["write_all"], [undefined], []),
  row("workflows", "forbid", undefined, [], [["write_all"], ["write_all", "secrets_inherit"]]),
  row(
    "workflows",
    "runners",
    ["ubuntu-*", "own"],
    [["own"]],
    [["ubuntu-*", "own", "any"], ["any"]],
  ),
  row("health", "source", "metrics", [], ["other"], { query: "q", is: "<= 1" }),
  row("health", "query", "q", [], ["p"], { source: "metrics", is: "<= 1" }),
  row("health", "is", "<= 1", ["<= 0.5"], ["<= 2", "< 1", ">= 1"], { source: "m", query: "q" }),
  row("health", "is", "> 1", ["> 2"], ["> 0", ">= 1"], { source: "m", query: "q" }),
  row("health", "for", "5m", ["10m"], ["1m"], { source: "m", query: "q", is: "< 1" }),
  row("health", "no_data", "hold", ["fail"], [], { source: "m", query: "q", is: "< 1" }),
  row("health", "no_data", "fail", [], ["hold"], { source: "m", query: "q", is: "< 1" }),
  row(
    "no_incident",
    "labels",
    ["incident"],
    [["incident", "outage"]],
    [],
    {},
    { joined: [[["outage"], ["incident", "outage"]]] },
  ),
  row("no_incident", "repository", "acme/ops", [], ["acme/other"], { labels: ["incident"] }),
  row("reviews", "approvals", 2, [3, 50], [1, 0]),
  row(
    "reviews",
    "users",
    ["ada", "bob"],
    [],
    [["ada", "eve"], ["eve"]],
    {},
    {
      beside: [["ada"], ["ADA"]],
    },
  ),
  row("reviews", "users", ["ada", "bob"], [["ada"]], [], { block_on_changes_requested: false }),
  row("reviews", "teams", ["a", "b"], [], [["a", "b", "c"], ["other/a"]], {}, { beside: [["b"]] }),
  row("reviews", "roles", ["maintain"], [["admin"]], [["write"], ["read"]]),
  row("reviews", "roles", ["read"], [], [], {}, { beside: [["write"], ["admin"]] }),
  row(
    "reviews",
    "each",
    [{ teams: ["a"], approvals: 1 }],
    [[{ teams: ["a"], approvals: 2 }], [{ teams: ["a"], approvals: 1 }, { teams: ["b"] }]],
    [],
    {},
    {
      joined: [
        [[{ teams: ["b"] }], [{ teams: ["a"], approvals: 1 }, { teams: ["b"] }]],
        [
          [{ teams: ["a", "b"], approvals: 1 }],
          [
            { teams: ["a"], approvals: 1 },
            { teams: ["a", "b"], approvals: 1 },
          ],
        ],
      ],
    },
  ),
  row("reviews", "code_owners", false, [true], []),
  row("reviews", "code_owners", true, [], [false]),
  row("reviews", "stale", "keep_if_same_diff", ["dismiss"], ["keep"]),
  row("reviews", "allow_author", true, [false], []),
  row("reviews", "allow_author", false, [], [true]),
  row("reviews", "allow_contributors", true, [false], []),
  row("reviews", "allow_contributors", false, [], [true]),
  row("reviews", "block_on_changes_requested", false, [true], []),
  row("reviews", "block_on_changes_requested", undefined, [], [false]),
  row("reviews", "resolved_threads", undefined, [true], []),
  row("reviews", "resolved_threads", true, [], [false]),
  row(
    "reviews",
    "bots",
    ["renovate[bot]", 7],
    [],
    [["renovate[bot]", 7, "other"]],
    {},
    { beside: [["renovate[bot]"], []] },
  ),
  row(
    "checks",
    "names",
    ["unit", "lint"],
    [["unit", "lint", "docs"]],
    [],
    {},
    {
      joined: [
        [["docs"], ["unit", "lint", "docs"]],
        [
          ["*", "unit"],
          ["unit", "lint", "*"],
        ],
      ],
    },
  ),
  row("checks", "app", undefined, [], [], { names: ["unit"] }, { beside: ["github-actions", 7] }),
  row("checks", "app", "github-actions", [], ["jenkins", 7], { names: ["unit"] }),
  row(
    "checks",
    "workflow",
    undefined,
    [],
    [],
    { names: ["unit"] },
    {
      beside: [".github/workflows/ci.yml"],
    },
  ),
  row("checks", "workflow", ".github/workflows/ci.yml", [], [".github/workflows/other.yml"], {
    names: ["unit"],
  }),
  row(
    "checks",
    "conclusions",
    ["success", "neutral"],
    [["success"]],
    [
      ["success", "skipped"],
      ["success", "neutral", "failure"],
    ],
    { names: ["unit"] },
  ),
  row("checks", "trusted", false, [], [], { names: ["unit"] }, { beside: [true] }),
  row("checks", "trusted", true, [], [false], { names: ["unit"] }),
  row("checks", "all", undefined, [true], [], { names: ["unit"] }),
  row("checks", "if_none", "pass_without_ci", ["wait"], [], { all: true }),
  row("checks", "if_none", undefined, [], ["pass_without_ci"], { all: true }),
  row("coverage", "project", 80, [80.5, 100], [79, 0]),
  row("coverage", "patch", 70, [71], [69]),
  row("coverage", "max_drop", 1, [0.5, 0], [1.5]),
  row("coverage", "flags", ["core"], [], [["web"], ["core", "web"]]),
  row(
    "coverage",
    "from",
    { artifact: "coverage" },
    [],
    [{ check: "codecov/project" }, { artifact: "*" }],
  ),
  row("coverage", "trusted", undefined, [true], []),
  row("coverage", "trusted", true, [], [false]),
  row("coverage", "measured_by", undefined, [["acme/ci/.github/workflows/test.yml"]], []),
  row(
    "coverage",
    "measured_by",
    ["acme/ci/.github/workflows/test.yml", "acme/ci/.github/workflows/more.yml"],
    [["acme/ci/.github/workflows/test.yml"]],
    [["acme/shop/.github/workflows/mine.yml"]],
  ),
  row("coverage", "ignore", ["a/**", "b/**"], [["a/**"]], [["a/**", "b/**", "**"]]),
  row("coverage", "if_absent", "skip", ["pending"], []),
  row("coverage", "if_absent", "pending", [], ["skip"]),
  row("findings", "block", "high", ["medium", "low"], ["critical", "none"]),
  row("findings", "ticket", "high", ["low"], ["critical", "none"]),
  row("findings", "kinds", undefined, [], [["code"]]),
  row(
    "findings",
    "kinds",
    ["code"],
    [["code", "secret"]],
    [],
    { require_scan: "none" },
    {
      joined: [[["secret"], ["code", "secret"]]],
    },
  ),
  row("findings", "kinds", ["code"], [], [], {}, { beside: [["code", "secret"]] }),
  row("findings", "tools", undefined, [], [["codeql"]]),
  row(
    "findings",
    "tools",
    ["codeql"],
    [["codeql", "trivy"]],
    [],
    { require_scan: ["codeql"] },
    {
      joined: [[["trivy"], ["codeql", "trivy"]]],
    },
  ),
  row("findings", "tools", ["codeql"], [], [], {}, { beside: [["codeql", "trivy"]] }),
  row("findings", "new_only", true, [false], []),
  row("findings", "new_only", false, [], [true]),
  row("findings", "unrated", "medium", ["high", "critical"], ["low"]),
  row("findings", "require_scan", "none", ["any", ["codeql"]], []),
  row("findings", "require_scan", "any", [], ["none"], {}, { beside: [["codeql"]] }),
  row(
    "findings",
    "require_scan",
    ["codeql"],
    [["codeql", "trivy"]],
    ["any", "none"],
    {},
    {
      joined: [[["trivy"], ["codeql", "trivy"]]],
    },
  ),
  row("findings", "from", undefined, [], [["code-scanning"]]),
  row(
    "findings",
    "from",
    ["code-scanning"],
    [["code-scanning", "dependabot"]],
    [],
    { require_scan: "none" },
    { joined: [[["dependabot"], ["code-scanning", "dependabot"]]] },
  ),
  row(
    "findings",
    "from",
    ["code-scanning"],
    [],
    [],
    {},
    {
      beside: [["code-scanning", "dependabot"]],
    },
  ),
  row("findings", "trusted", undefined, [true], []),
  row("findings", "trusted", true, [], [false]),
  row("licenses", "allow", ["MIT", "ISC"], [["MIT"]], [["MIT", "ISC", "GPL-3.0-only"]]),
  row(
    "licenses",
    "deny",
    ["AGPL-3.0-only"],
    [["AGPL-3.0-only", "SSPL-1.0"]],
    [],
    {},
    {
      joined: [[["SSPL-1.0"], ["AGPL-3.0-only", "SSPL-1.0"]]],
    },
  ),
  row("licenses", "unknown", "warn", ["fail"], [], { allow: ["MIT"] }),
  row("licenses", "unknown", "fail", [], ["warn"], { allow: ["MIT"] }),
  row("commits", "signed", undefined, [true], [], { linear: true }),
  row("commits", "signed", true, [], [false], { linear: true }),
  row("commits", "signed_off", undefined, [true], [], { linear: true }),
  row("commits", "signed_off", true, [], [false], { linear: true }),
  row("commits", "linear", undefined, [true], [], { signed: true }),
  row("commits", "linear", true, [], [false], { signed: true }),
  row("commits", "message", undefined, ["^feat"], [], { signed: true }),
  row("commits", "message", "^feat", [], ["^fix", "."], { signed: true }),
  row("title", "pattern", "^feat", [], ["^fix", "."]),
  row("body", "pattern", "^feat", [], ["^fix", "."]),
  row("branch_name", "pattern", "^feat", [], ["^fix", "."]),
  row("labels", "all", ["a"], [["a", "b"]], [], {}, { joined: [[["b"], ["a", "b"]]] }),
  row(
    "labels",
    "any",
    ["a", "b"],
    [["a"]],
    [
      ["a", "c"],
      ["a", "b", "c"],
    ],
  ),
  row(
    "labels",
    "none",
    ["wip"],
    [["wip", "legal"]],
    [],
    {},
    {
      joined: [[["legal"], ["wip", "legal"]]],
    },
  ),
  row("size", "max_lines", 500, [499, 0], [501]),
  row("size", "max_files", 50, [49], [51]),
  row("size", "ignore", ["*.lock", "dist/**"], [["*.lock"]], [["*.lock", "dist/**", "**"]], {
    max_lines: 5,
  }),
  row("ticket", "pattern", "OPS-[0-9]+", [], [".", "[0-9]+"]),
  row("ticket", "in", ["title", "body"], [["title"]], [["title", "commits"], ["commits"]], {
    pattern: "OPS",
  }),
  row("ticket", "linked_issue", true, [false], [], { pattern: "OPS" }),
  row("ticket", "linked_issue", undefined, [], [true], { pattern: "OPS" }),
  row("separate", "paths", ["db/**"], [], [["other/**"], ["db/**", "x/**"]], { from: ["src/**"] }),
  row(
    "separate",
    "from",
    ["src/**"],
    [["src/**", "docs/**"]],
    [],
    { paths: ["db/**"] },
    { joined: [[["docs/**"], ["src/**", "docs/**"]]] },
  ),
  row("approvals", "count", 1, [2], []),
  row("approvals", "count", 2, [], [1]),
  row("approvals", "users", ["ada", "bob"], [], [["eve"]], {}, { beside: [["bob"]] }),
  row("approvals", "teams", ["a", "b"], [], [["c"]], {}, { beside: [["a"]] }),
  row("approvals", "roles", ["maintain"], [], [["triage"]], {}, { beside: [["admin"]] }),
  row("approvals", "exclude", undefined, [], [["authors"], []]),
  row(
    "approvals",
    "exclude",
    ["requester"],
    [["requester", "authors"]],
    [],
    {},
    {
      joined: [[["authors"], ["requester", "authors"]]],
    },
  ),
  row("promoted_from", "environment", "staging", [], ["dev"]),
  row("promoted_from", "bake", "30m", ["1h", "31m"], ["29m", "0m"], { environment: "staging" }),
  row(
    "promoted_from",
    "checks",
    ["smoke"],
    [["smoke", "load"]],
    [],
    { environment: "staging" },
    { joined: [[["load"], ["smoke", "load"]]] },
  ),
  row(
    "promoted_from",
    "health",
    [errorsBelow("0.01")],
    [[errorsBelow("0.01"), errorsBelow("0.005")]],
    [],
    { environment: "staging" },
    { joined: [[[errorsBelow("0.02")], [errorsBelow("0.01"), errorsBelow("0.02")]]] },
  ),
  row("promoted_from", "within", "2d", ["47h"], ["3d"], { environment: "staging" }),
  row("changes_gated", "since", undefined, ["last_deployment"], []),
  row(
    "attestation",
    "predicate",
    "https://slsa.dev/provenance/v1",
    [],
    ["https://other.example/v1"],
  ),
  row(
    "attestation",
    "signer_workflow",
    "acme/ci/.github/workflows/build.yml",
    [],
    ["acme/shop/.github/workflows/mine.yml"],
  ),
  row("attestation", "subject", "shop-*", [], ["*"]),
];

/** Requirements whose value is no mapping. */
const plain: readonly (readonly [
  rule: string,
  ours: unknown,
  theirs: unknown,
  direction: "tighter" | "looser",
])[] = [
  ["up_to_date", true, true, "tighter"],
  ["forward_only", true, true, "tighter"],
  ["pinned_actions", true, true, "tighter"],
  ["window", ["w", "v"], "w", "tighter"],
  ["window", "w", "v", "looser"],
  ["window", "w", ["w", "v"], "looser"],
  ["not_frozen", ["f"], true, "tighter"],
  ["not_frozen", ["f"], ["f", "g"], "tighter"],
  ["not_frozen", true, ["f"], "looser"],
];

const times = [
  `windows: ${JSON.stringify(Object.fromEntries(["w", "v"].map((name) => [name, { timezone: "UTC", open: [{ days: ["mon"], from: "09:00", to: "17:00" }] }])))}`,
  `freezes: ${JSON.stringify(["f", "g"].map((name) => ({ name, timezone: "UTC", during: { from: "2030-01-01T00:00", until: "2030-01-02T00:00" } })))}`,
].join("\n");

const file = (rule: string, params: unknown, more = ""): string =>
  `version: 1\nrules:\n  - name: r\n${more}    require: ${JSON.stringify({ [rule]: params })}\n`;

interface InForce {
  readonly params: unknown;
  readonly attempts: readonly string[];
}

const rawOf = (requirement: Requirement): unknown =>
  requirement.kind === "one" ? requirement.raw : null;

function inForce(rule: string, ours: unknown, theirs: unknown): InForce {
  const policy = effective({
    organization: `${file(rule, ours, "    repositories_may: tighten\n")}${times}`,
    own: file(rule, theirs),
  });
  const { requirement } = policy.rules[0] ?? {};
  return {
    params:
      requirement?.kind === "one"
        ? requirement.raw
        : { [requirement?.kind ?? "none"]: requirement?.of.map((part) => rawOf(part)) },
    attempts: policy.notices
      .filter(({ isAttempt }) => isAttempt)
      .map(({ problem }) => problem.path),
  };
}

const withValue = ({ param, also }: Row, value: unknown): Readonly<Record<string, unknown>> => ({
  ...also,
  ...(value === undefined ? {} : { [param]: value }),
});
const cases = (
  kind: "tighter" | "looser" | "beside",
): readonly (readonly [string, Row, unknown])[] =>
  rows.flatMap((each) =>
    each[kind].map(
      (value) =>
        [
          `${each.rule}.${each.param}: ${JSON.stringify(each.ours ?? null)} → ${JSON.stringify(value)}`,
          each,
          value,
        ] as const,
    ),
  );

describe("repositories_may: tighten, parameter by parameter", () => {
  it.each(cases("tighter"))("tighter is taken: %s", (_what, each, value) => {
    const merged = inForce(each.rule, withValue(each, each.ours), withValue(each, value));
    expect(merged).toEqual({ params: withValue(each, value), attempts: [] });
  });

  it.each(cases("beside"))(
    "W11: what leaves evidence out is asked for beside the organisation's value: %s",
    (_what, each, value) => {
      const merged = inForce(each.rule, withValue(each, each.ours), withValue(each, value));
      expect(merged).toEqual({
        params: { all: [withValue(each, each.ours), withValue(each, value)] },
        attempts: [],
      });
    },
  );

  it.each(
    rows.flatMap((each) =>
      each.joined.map(
        ([theirs, together]) =>
          [
            `${each.rule}.${each.param}: ${JSON.stringify(each.ours)} and ${JSON.stringify(theirs)}`,
            each,
            theirs,
            together,
          ] as const,
      ),
    ),
  )("W40: both sides count together: %s", (_what, each, theirs, together) => {
    const merged = inForce(each.rule, withValue(each, each.ours), withValue(each, theirs));
    expect(merged).toEqual({ params: withValue(each, together), attempts: [] });
  });

  it("W40: freezes that must not be on, by name, are joined", () => {
    expect(inForce("not_frozen", "f", "g")).toEqual({ params: ["f", "g"], attempts: [] });
    // Dropping one and adding none only asks for less: the organisation's stands, and that is told.
    expect(inForce("not_frozen", ["f", "g"], ["f"])).toEqual({
      params: ["f", "g"],
      attempts: [expect.any(String)],
    });
  });

  it.each(cases("looser"))("looser is refused, at its place: %s", (_what, each, value) => {
    const merged = inForce(each.rule, withValue(each, each.ours), withValue(each, value));
    expect(merged).toEqual({
      params: withValue(each, each.ours),
      attempts: [expect.stringContaining(`.${each.param}`)],
    });
  });

  it.each(plain)("%s: %j → %j is %s", (rule, ours, theirs, direction) => {
    const merged = inForce(rule, ours, theirs);
    expect(merged.params).toEqual(direction === "looser" ? ours : theirs);
    expect(merged.attempts).toHaveLength(direction === "looser" ? 1 : 0);
  });

  const mayBeLeftOut = rows.filter(
    (each) =>
      each.ours !== undefined &&
      each.looser.length > 0 &&
      (ruleList.find(({ name }) => name === each.rule)?.params.safeParse(each.also).success ??
        false),
  );

  it.each(mayBeLeftOut.map((each) => [`${each.rule}.${each.param}`, each] as const))(
    "what is left out is not lost, and nobody is blamed: %s",
    (_what, each) => {
      const ours = withValue(each, each.ours);
      const merged = inForce(each.rule, ours, each.also);
      const direction = ruleList
        .find(({ name }) => name === each.rule)
        ?.compare(ours, merged.params);
      expect(direction).toMatch(/^(?:same|tighter)$/);
      expect(merged.attempts).toEqual([]);
    },
  );

  it("has a row for each parameter of each requirement", () => {
    const known = new Set([
      ...rows.map(({ rule, param }) => `${rule}.${param}`),
      ...plain.map(([rule]) => rule),
    ]);
    const shape = z.looseObject({
      properties: z.record(z.string(), z.unknown()).optional(),
      anyOf: z
        .array(z.looseObject({ properties: z.record(z.string(), z.unknown()).optional() }))
        .optional(),
    });
    const wanted = ruleList.flatMap((rule) => {
      const schema = shape.parse(
        z.toJSONSchema(rule.params, { io: "input", unrepresentable: "any" }),
      );
      const keys = [schema, ...(schema.anyOf ?? [])].flatMap(({ properties }) =>
        Object.keys(properties ?? {}),
      );
      return keys.length === 0 ? [rule.name] : keys.map((key) => `${rule.name}.${key}`);
    });
    expect(wanted.filter((each) => !known.has(each))).toEqual([]);
  });
});
