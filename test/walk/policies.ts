import type { Random } from "./random.ts";

/** Rules that the oracle judges exactly; each walk mixes its own policy from them. */
const pullRules = [
  "reviews: { approvals: 1 }",
  "reviews: { approvals: 1, stale: dismiss }",
  "reviews: { approvals: 2, roles: [write] }",
  "reviews: { approvals: 1, teams: [core] }",
  "reviews: { each: [{ teams: [core] }, { teams: [release] }] }",
  "reviews: { approvals: 1, resolved_threads: true }",
  "checks: { names: [unit] }",
  "checks: { names: [unit, 'build *'], app: github-actions }",
  "checks: { names: [unit], app: ci }",
  "checks: { all: true }",
  "checks: { all: true, conclusions: [success, neutral, skipped] }",
  "title: { pattern: '^feat: ' }",
  "labels: { none: [wip] }",
  "labels: { any: [bug, feature] }",
  "size: { max_files: 3 }",
  "up_to_date: true",
  "findings: { from: [code-scanning], block: high }",
  "all: [{ reviews: { approvals: 1 } }, { checks: { names: [unit] } }]",
  "any: [{ reviews: { approvals: 1, teams: [release] } }, { title: { pattern: '^docs: ' } }]",
] as const;

const whens = [
  "",
  "",
  "",
  " when: { branches: [main] },",
  " when: { branches: [dev, 'release/*'] },",
  " when: { paths: ['src/**'] },",
  " when: { not: { labels: [small] } },",
  " when: { authors: [ada] },",
] as const;

const deploymentRules = [
  "approvals: { count: 1, teams: [release] }",
  "approvals: { count: 1 }",
  "window: always",
  "window: hours",
  "window: hours",
  "window: never",
  "not_frozen: true",
  "promoted_from: { environment: staging }",
  "forward_only: true",
  "changes_gated: { since: last_deployment }",
] as const;

const windows = `windows:
  hours: { timezone: UTC, open: [{ days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00" }] }
  always: { timezone: UTC, open: [{ days: [mon, tue, wed, thu, fri, sat, sun], from: "00:00", to: "24:00" }] }
  never: { timezone: UTC, open: [{ from: "2020-01-01T00:00", until: "2020-01-02T00:00" }] }
`;

const overridesOf = (names: readonly string[]): string => `overrides:
  - { name: emergency, rules: [${names.join(", ")}], by: { teams: [commanders] }, lasts: 4h }
  - { name: two, rules: [a], by: { teams: [commanders, core] }, confirmations: 1, lasts: 4h }
  - { name: labelled, rules: [a], by: { teams: [commanders] }, label: ship-it, lasts: 4h }
`;

/** A policy; now and then one that is broken, or one that retires what was there. */
export function somePolicy(random: Random, prefix = ""): string {
  if (random.chance(6)) return "version: 1\nrules:\n  - name: a\n    require: { revews: {} }\n";
  if (random.chance(3)) return "version: 1\nenforcement: disabled\n";
  const names = ["a", "b", "c"].slice(0, 1 + random.below(3));
  const rules = names.map(
    (name) =>
      `  - { name: ${prefix}${name},${random.one(whens)}${random.chance(10) ? " enforcement: evaluate," : ""} require: { ${random.one(pullRules)} } }\n`,
  );
  const gates = random.chance(70)
    ? [
        `  - { name: ${prefix}d, applies_to: deployment, when: { environments: [${random.one(["production", "'production*'"])}] }, require: { ${random.one(deploymentRules)} } }\n`,
      ]
    : [];
  return `version: 1\nrules:\n${[...rules, ...gates].join("")}${windows}${random.chance(40) && prefix === "" ? overridesOf(names) : ""}`;
}
