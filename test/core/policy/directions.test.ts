import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ruleList } from "../../../src/core/rules/index.ts";
import { effective } from "./some-policy.ts";

/** One parameter: what else the organisation says of the rule, its value, one that is tighter and one that is looser. `undefined`: left out; no tighter one: any other value is another demand. */
interface Row {
  readonly rule: string;
  readonly param: string;
  readonly beside: Readonly<Record<string, unknown>>;
  readonly ours?: unknown;
  readonly tighter: readonly unknown[];
  readonly looser: readonly unknown[];
}

const row = (
  rule: string,
  param: string,
  ours: unknown,
  tighter: readonly unknown[],
  looser: readonly unknown[],
  beside: Row["beside"] = {},
): Row => ({ rule, param, ours, tighter, looser, beside });

const rows: readonly Row[] = [
  row("reviews", "approvals", 2, [3, 50], [1, 0]),
  row("reviews", "users", ["ada", "bob"], [["ada"], ["ADA"]], [["ada", "eve"], ["eve"]]),
  row("reviews", "teams", ["a", "b"], [["b"]], [["a", "b", "c"], ["other/a"]]),
  row("reviews", "roles", ["maintain"], [["admin"]], [["write"], ["read"]]),
  row(
    "reviews",
    "each",
    [{ teams: ["a"], approvals: 1 }],
    [[{ teams: ["a"], approvals: 2 }], [{ teams: ["a"] }, { teams: ["b"] }]],
    [[{ teams: ["b"] }], [{ teams: ["a", "b"], approvals: 1 }]],
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
    [["renovate[bot]"], []],
    [["renovate[bot]", 7, "other"]],
  ),
  row("checks", "names", ["unit", "lint"], [["unit", "lint", "docs"]], [["unit"], ["*"]]),
  row("checks", "app", undefined, ["github-actions", 7], [], { names: ["unit"] }),
  row("checks", "app", "github-actions", [], ["jenkins", 7], { names: ["unit"] }),
  row("checks", "workflow", undefined, [".github/workflows/ci.yml"], [], { names: ["unit"] }),
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
  row("checks", "trusted", false, [true], [], { names: ["unit"] }),
  row("checks", "trusted", true, [], [false], { names: ["unit"] }),
  row("checks", "all", undefined, [true], [], { names: ["unit"] }),
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
  row("findings", "kinds", ["code"], [["code", "secret"]], [["secret"]]),
  row("findings", "tools", ["codeql"], [["codeql", "trivy"]], [["trivy"]]),
  row("findings", "new_only", true, [false], []),
  row("findings", "new_only", false, [], [true]),
  row("findings", "unrated", "medium", ["high", "critical"], ["low"]),
  row("findings", "require_scan", "any", [["codeql"]], ["none"]),
  row("findings", "require_scan", ["codeql"], [["codeql", "trivy"]], [["trivy"], "any", "none"]),
  row("findings", "from", ["code-scanning"], [["code-scanning", "dependabot"]], [["dependabot"]]),
  row("findings", "trusted", undefined, [true], []),
  row("findings", "trusted", true, [], [false]),
  row("licenses", "allow", ["MIT", "ISC"], [["MIT"]], [["MIT", "ISC", "GPL-3.0-only"]]),
  row("licenses", "deny", ["AGPL-3.0-only"], [["AGPL-3.0-only", "SSPL-1.0"]], [["SSPL-1.0"]]),
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
  row("labels", "all", ["a"], [["a", "b"]], [["b"]]),
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
  row("labels", "none", ["a"], [["a", "b"]], [["b"]]),
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
  row("separate", "from", ["src/**"], [["src/**", "docs/**"]], [["docs/**"]], { paths: ["db/**"] }),
  row("approvals", "count", 1, [2], []),
  row("approvals", "count", 2, [], [1]),
  row("approvals", "users", ["ada", "bob"], [["bob"]], [["eve"]]),
  row("approvals", "teams", ["a", "b"], [["a"]], [["c"]]),
  row("approvals", "roles", ["maintain"], [["admin"]], [["triage"]]),
  row("approvals", "exclude", ["requester"], [["requester", "authors"]], [["authors"], []]),
  row("promoted_from", "environment", "staging", [], ["dev"]),
  row("promoted_from", "bake", "30m", ["1h", "31m"], ["29m", "0m"], { environment: "staging" }),
  row("promoted_from", "checks", ["smoke"], [["smoke", "load"]], [["load"]], {
    environment: "staging",
  }),
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
  ["pinned_actions", true, true, "tighter"],
  ["window", ["w", "v"], "w", "tighter"],
  ["window", "w", "v", "looser"],
  ["window", "w", ["w", "v"], "looser"],
  ["not_frozen", ["f"], true, "tighter"],
  ["not_frozen", ["f"], ["f", "g"], "tighter"],
  ["not_frozen", true, ["f"], "looser"],
  ["not_frozen", ["f", "g"], ["f"], "looser"],
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

function inForce(rule: string, ours: unknown, theirs: unknown): InForce {
  const policy = effective({
    organization: `${file(rule, ours, "    repositories_may: tighten\n")}${times}`,
    own: file(rule, theirs),
  });
  const { requirement } = policy.rules[0] ?? {};
  return {
    params: requirement?.kind === "one" ? requirement.raw : null,
    attempts: policy.notices
      .filter(({ isAttempt }) => isAttempt)
      .map(({ problem }) => problem.path),
  };
}

const withValue = ({ param, beside }: Row, value: unknown): Readonly<Record<string, unknown>> => ({
  ...beside,
  ...(value === undefined ? {} : { [param]: value }),
});
const cases = (kind: "tighter" | "looser"): readonly (readonly [string, Row, unknown])[] =>
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
      (ruleList.find(({ name }) => name === each.rule)?.params.safeParse(each.beside).success ??
        false),
  );

  it.each(mayBeLeftOut.map((each) => [`${each.rule}.${each.param}`, each] as const))(
    "what is left out is not lost, and nobody is blamed: %s",
    (_what, each) => {
      const ours = withValue(each, each.ours);
      const merged = inForce(each.rule, ours, each.beside);
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
