import { describe, expect, it } from "vitest";
import { ask, outcome } from "./ask.ts";

type May = "nothing" | "tighten" | "override";

const file = (require: string, more = ""): string =>
  `version: 1\nrules:\n  - name: r\n${more}    require: ${require}\n`;
const organization = (require: string, may: May | null, more = ""): string =>
  file(require, `${may === null ? "" : `    repositories_may: ${may}\n`}${more}`);

/** The organisation asks for `ours`, the repository for `theirs`; whether the repository's may stand where it may tighten. */
type Row = readonly [
  what: string,
  ours: string,
  theirs: string,
  direction: "tighter" | "looser" | "joined" | "beside",
];

const pairs: readonly Row[] = [
  ["more approvals", "{ reviews: { approvals: 1 } }", "{ reviews: { approvals: 2 } }", "tighter"],
  ["fewer approvals", "{ reviews: { approvals: 2 } }", "{ reviews: { approvals: 1 } }", "looser"],
  ["no approval", "{ reviews: { approvals: 1 } }", "{ reviews: { approvals: 0 } }", "looser"],
  ["the default is one approval", "{ reviews: { approvals: 2 } }", "{ reviews: {} }", "looser"],
  ["code owners as well", "{ reviews: {} }", "{ reviews: { code_owners: true } }", "tighter"],
  ["code owners no more", "{ reviews: { code_owners: true } }", "{ reviews: {} }", "looser"],
  ["stale: dismiss", "{ reviews: {} }", "{ reviews: { stale: dismiss } }", "tighter"],
  ["stale: keep", "{ reviews: {} }", "{ reviews: { stale: keep } }", "looser"],
  ["the author may", "{ reviews: {} }", "{ reviews: { allow_author: true } }", "looser"],
  ["contributors may", "{ reviews: {} }", "{ reviews: { allow_contributors: true } }", "looser"],
  [
    "requests for changes do not block",
    "{ reviews: {} }",
    "{ reviews: { block_on_changes_requested: false } }",
    "looser",
  ],
  ["threads resolved", "{ reviews: {} }", "{ reviews: { resolved_threads: true } }", "tighter"],
  ["a bot may", "{ reviews: {} }", "{ reviews: { bots: [robot] } }", "looser"],
  ["fewer teams", "{ reviews: { teams: [a, b] } }", "{ reviews: { teams: [a] } }", "beside"],
  ["more teams", "{ reviews: { teams: [a] } }", "{ reviews: { teams: [a, b] } }", "looser"],
  ["another team", "{ reviews: { teams: [a] } }", "{ reviews: { teams: [b] } }", "looser"],
  [
    "a stronger role",
    "{ reviews: { roles: [write] } }",
    "{ reviews: { roles: [admin] } }",
    "tighter",
  ],
  [
    "a weaker role",
    "{ reviews: { roles: [write] } }",
    "{ reviews: { roles: [triage] } }",
    "looser",
  ],
  ["weaker than the default role", "{ reviews: {} }", "{ reviews: { roles: [read] } }", "looser"],
  [
    "somebody of each team as well",
    "{ reviews: { approvals: 1 } }",
    "{ reviews: { approvals: 1, each: [{ teams: [a] }] } }",
    "tighter",
  ],
  [
    "more checks",
    "{ checks: { names: [unit] } }",
    "{ checks: { names: [unit, lint] } }",
    "tighter",
  ],
  [
    "fewer checks",
    "{ checks: { names: [unit, lint] } }",
    "{ checks: { names: [unit] } }",
    "looser",
  ],
  ["other checks", "{ checks: { names: [unit] } }", "{ checks: { names: [lint] } }", "joined"],
  [
    "more conclusions",
    "{ checks: { names: [unit] } }",
    "{ checks: { names: [unit], conclusions: [success, skipped] } }",
    "looser",
  ],
  [
    "an app pinned",
    "{ checks: { names: [unit] } }",
    "{ checks: { names: [unit], app: github-actions } }",
    "beside",
  ],
  [
    "an app pinned no more",
    "{ checks: { names: [unit], app: github-actions } }",
    "{ checks: { names: [unit] } }",
    "looser",
  ],
  [
    "trusted",
    "{ checks: { names: [unit] } }",
    "{ checks: { names: [unit], trusted: true } }",
    "beside",
  ],
  ["all", "{ checks: { names: [unit] } }", "{ checks: { names: [unit], all: true } }", "tighter"],
  ["higher coverage", "{ coverage: { project: 70 } }", "{ coverage: { project: 80 } }", "tighter"],
  ["lower coverage", "{ coverage: { project: 70 } }", "{ coverage: { project: 60 } }", "looser"],
  [
    "patch as well",
    "{ coverage: { project: 70 } }",
    "{ coverage: { project: 70, patch: 80 } }",
    "tighter",
  ],
  [
    "patch no more",
    "{ coverage: { project: 70, patch: 80 } }",
    "{ coverage: { project: 70 } }",
    "looser",
  ],
  ["a smaller drop", "{ coverage: { max_drop: 2 } }", "{ coverage: { max_drop: 1 } }", "tighter"],
  ["a larger drop", "{ coverage: { max_drop: 1 } }", "{ coverage: { max_drop: 2 } }", "looser"],
  [
    "a lower blocking severity",
    "{ findings: { block: critical } }",
    "{ findings: { block: high } }",
    "tighter",
  ],
  [
    "a higher blocking severity",
    "{ findings: { block: high } }",
    "{ findings: { block: critical } }",
    "looser",
  ],
  ["nothing blocks", "{ findings: {} }", "{ findings: { block: none } }", "looser"],
  ["only new ones", "{ findings: {} }", "{ findings: { new_only: true } }", "looser"],
  ["fewer kinds", "{ findings: {} }", "{ findings: { kinds: [code] } }", "looser"],
  ["no scan", "{ findings: {} }", "{ findings: { require_scan: none } }", "looser"],
  [
    "a scan",
    "{ findings: { require_scan: none } }",
    "{ findings: { require_scan: any } }",
    "tighter",
  ],
  ["a scan of a tool", "{ findings: {} }", "{ findings: { require_scan: [codeql] } }", "beside"],
  ["unrated counts as high", "{ findings: {} }", "{ findings: { unrated: high } }", "tighter"],
  ["unrated counts as low", "{ findings: {} }", "{ findings: { unrated: low } }", "looser"],
  ["tickets from high", "{ findings: {} }", "{ findings: { ticket: high } }", "tighter"],
  [
    "fewer licences",
    "{ licenses: { allow: [MIT, ISC] } }",
    "{ licenses: { allow: [MIT] } }",
    "tighter",
  ],
  [
    "more licences",
    "{ licenses: { allow: [MIT] } }",
    "{ licenses: { allow: [MIT, ISC] } }",
    "looser",
  ],
  ["more denied", "{ licenses: { deny: [MIT] } }", "{ licenses: { deny: [MIT, ISC] } }", "tighter"],
  [
    "unknown only warns",
    "{ licenses: { deny: [MIT] } }",
    "{ licenses: { deny: [MIT], unknown: warn } }",
    "looser",
  ],
  [
    "signed as well",
    "{ commits: { signed_off: true } }",
    "{ commits: { signed_off: true, signed: true } }",
    "tighter",
  ],
  [
    "signed no more",
    "{ commits: { signed: true, linear: true } }",
    "{ commits: { linear: true } }",
    "looser",
  ],
  ["another title", "{ title: { pattern: a } }", "{ title: { pattern: b } }", "looser"],
  ["another body", "{ body: { pattern: a } }", "{ body: { pattern: b } }", "looser"],
  [
    "another branch name",
    "{ branch_name: { pattern: a } }",
    "{ branch_name: { pattern: b } }",
    "looser",
  ],
  ["more labels", "{ labels: { all: [a] } }", "{ labels: { all: [a, b] } }", "tighter"],
  ["fewer labels", "{ labels: { all: [a, b] } }", "{ labels: { all: [a] } }", "looser"],
  ["more ways to be labelled", "{ labels: { any: [a] } }", "{ labels: { any: [a, b] } }", "looser"],
  ["more labels forbidden", "{ labels: { none: [a] } }", "{ labels: { none: [a, b] } }", "tighter"],
  ["smaller", "{ size: { max_lines: 500 } }", "{ size: { max_lines: 300 } }", "tighter"],
  ["larger", "{ size: { max_lines: 500 } }", "{ size: { max_lines: 900 } }", "looser"],
  [
    "ignoring more",
    "{ size: { max_lines: 500 } }",
    "{ size: { max_lines: 500, ignore: ['**'] } }",
    "looser",
  ],
  [
    "fewer places for a ticket",
    "{ ticket: { pattern: a } }",
    "{ ticket: { pattern: a, in: [title] } }",
    "tighter",
  ],
  ["another ticket pattern", "{ ticket: { pattern: a } }", "{ ticket: { pattern: b } }", "looser"],
  [
    "more that must be apart",
    "{ separate: { paths: [a], from: [b] } }",
    "{ separate: { paths: [a], from: [b, c] } }",
    "tighter",
  ],
  [
    "less that must be apart",
    "{ separate: { paths: [a], from: [b, c] } }",
    "{ separate: { paths: [a], from: [b] } }",
    "looser",
  ],
  ["another requirement", "{ up_to_date: true }", "{ pinned_actions: true }", "looser"],
  [
    "the same and more",
    "{ up_to_date: true }",
    "{ all: [{ up_to_date: true }, { pinned_actions: true }] }",
    "tighter",
  ],
  [
    "the same or something else",
    "{ up_to_date: true }",
    "{ any: [{ up_to_date: true }, { pinned_actions: true }] }",
    "looser",
  ],
  [
    "part of all",
    "{ all: [{ up_to_date: true }, { pinned_actions: true }] }",
    "{ up_to_date: true }",
    "looser",
  ],
  [
    "one way of any",
    "{ any: [{ up_to_date: true }, { pinned_actions: true }] }",
    "{ up_to_date: true }",
    "tighter",
  ],
  [
    "more people for a release",
    "{ approvals: { count: 1 } }",
    "{ approvals: { count: 2 } }",
    "tighter",
  ],
  [
    "fewer people for a release",
    "{ approvals: { count: 2 } }",
    "{ approvals: { count: 1 } }",
    "looser",
  ],
  [
    "the requester may approve",
    "{ approvals: {} }",
    "{ approvals: { exclude: [authors] } }",
    "looser",
  ],
  [
    "a longer bake",
    "{ promoted_from: { environment: staging, bake: 30m } }",
    "{ promoted_from: { environment: staging, bake: 1h } }",
    "tighter",
  ],
  [
    "a shorter bake",
    "{ promoted_from: { environment: staging, bake: 30m } }",
    "{ promoted_from: { environment: staging, bake: 10m } }",
    "looser",
  ],
  [
    "another environment",
    "{ promoted_from: { environment: staging } }",
    "{ promoted_from: { environment: dev } }",
    "looser",
  ],
  [
    "a check after the bake",
    "{ promoted_from: { environment: staging } }",
    "{ promoted_from: { environment: staging, checks: [smoke] } }",
    "tighter",
  ],
  [
    "not too long ago",
    "{ promoted_from: { environment: staging } }",
    "{ promoted_from: { environment: staging, within: 2d } }",
    "tighter",
  ],
  ["every freeze", "{ not_frozen: [f] }", "{ not_frozen: true }", "tighter"],
  ["one freeze", "{ not_frozen: true }", "{ not_frozen: [f] }", "looser"],
];

const times =
  "freezes: [{ name: f, timezone: UTC, during: { from: '2030-01-01T00:00', until: '2030-01-02T00:00' } }]\n";

/** What the policy in force asks for, in its own words: the `required` column and the warnings of the summary. */
async function inForce(
  ours: string,
  theirs: string,
  may: May | null,
): Promise<{ readonly required: string; readonly warned: boolean }> {
  const gate =
    /approvals: \{|promoted_from|not_frozen/.test(ours) && !ours.includes("reviews")
      ? "deployment: { environment: production, sha: a }"
      : "pull_request: {}";
  const { json, stderr } = await ask({
    policy: file(theirs) + times,
    organization: organization(ours, may) + times,
    facts: gate,
  });
  if (json === null) throw new Error(stderr);
  return {
    required:
      /^\| `r`[^|]*\|[^|]*\|[^|]*\|([^|]*)\|/m.exec(json.summary)?.[1]?.trim() ?? json.summary,
    warned: /ignored/.test(json.summary),
  };
}

describe("an organisation's rule and a repository's of that name", () => {
  it.each(pairs)("tighten: %s", async (_what, ours, theirs, direction) => {
    const [own, merged, above] = await Promise.all([
      inForce(theirs, theirs, "override"),
      inForce(ours, theirs, "tighten"),
      inForce(ours, ours, "nothing"),
    ]);
    expect(merged.warned).toBe(direction === "looser");
    switch (direction) {
      case "looser":
        expect(merged.required).toBe(above.required);
        break;
      case "tighter":
        expect(merged.required).toBe(own.required);
        break;
      // What leaves evidence out counts beside the organisation's value, never in its place.
      case "beside":
        expect(merged.required).toBe(`${above.required} and ${own.required}`);
        break;
      case "joined":
        for (const part of [above.required, own.required])
          for (const word of part.match(/[a-z]+/g) ?? []) expect(merged.required).toContain(word);
    }
  });

  it.each(pairs)("nothing: %s", async (_what, ours, theirs) => {
    const [merged, above] = await Promise.all([
      inForce(ours, theirs, null),
      inForce(ours, ours, "nothing"),
    ]);
    expect(merged).toEqual({ required: above.required, warned: true });
  });

  it.each(pairs)("override: %s", async (_what, ours, theirs) => {
    const [merged, own] = await Promise.all([
      inForce(ours, theirs, "override"),
      inForce(theirs, theirs, "override"),
    ]);
    expect(merged).toEqual({ required: own.required, warned: false });
  });
});

/** Field by field: what is tighter stands beside what the organisation keeps. */
const mixed: readonly (readonly [what: string, ours: string, theirs: string, inForce: string])[] = [
  [
    "more approvals, code owners left out",
    "{ reviews: { approvals: 1, code_owners: true } }",
    "{ reviews: { approvals: 2 } }",
    "{ reviews: { approvals: 2, code_owners: true } }",
  ],
  [
    "more approvals, code owners no more",
    "{ reviews: { approvals: 1, code_owners: true } }",
    "{ reviews: { approvals: 2, code_owners: false } }",
    "{ reviews: { approvals: 2, code_owners: true } }",
  ],
  [
    "fewer approvals, threads resolved",
    "{ reviews: { approvals: 2 } }",
    "{ reviews: { approvals: 1, resolved_threads: true } }",
    "{ reviews: { approvals: 2, resolved_threads: true } }",
  ],
  [
    "patch, project left out",
    "{ coverage: { project: 90 } }",
    "{ coverage: { patch: 90 } }",
    "{ coverage: { project: 90, patch: 90 } }",
  ],
  [
    "lower project, higher patch",
    "{ coverage: { project: 80, patch: 70 } }",
    "{ coverage: { project: 70, patch: 80 } }",
    "{ coverage: { project: 80, patch: 80 } }",
  ],
  [
    "a lower severity, no scan",
    "{ findings: { block: critical } }",
    "{ findings: { block: high, require_scan: none } }",
    "{ findings: { block: high } }",
  ],
  [
    "more checks, another app",
    "{ checks: { names: [unit], app: github-actions } }",
    "{ checks: { names: [unit, lint], app: 7 } }",
    "{ checks: { names: [unit, lint], app: github-actions } }",
  ],
  [
    "a longer bake elsewhere",
    "{ promoted_from: { environment: staging, bake: 30m } }",
    "{ promoted_from: { environment: dev, bake: 1h } }",
    "{ promoted_from: { environment: staging, bake: 1h } }",
  ],
];

describe("an organisation's rule that is tightened in one field and not in another", () => {
  it.each(mixed)("%s", async (_what, ours, theirs, expected) => {
    const [merged, whole] = await Promise.all([
      inForce(ours, theirs, "tighten"),
      inForce(expected, expected, "override"),
    ]);
    expect(merged).toEqual({ required: whole.required, warned: true });
  });
});

describe("an organisation's rule: what else a repository may try", () => {
  const reviewed = "{ reviews: { approvals: 1 } }";
  const facts = "pull_request: { base: dev }";
  it.each<[string, string, string, string, string]>([
    [
      "enforcement: evaluate",
      organization(reviewed, "tighten"),
      file(reviewed, "    enforcement: evaluate\n"),
      facts,
      "wait r=pending",
    ],
    [
      "enforcement: disabled",
      organization(reviewed, "tighten"),
      file(reviewed, "    enforcement: disabled\n"),
      facts,
      "wait r=pending",
    ],
    [
      "disabled for the whole file",
      organization(reviewed, "tighten"),
      `enforcement: disabled\n${file(reviewed)}`,
      facts,
      "wait r=pending",
    ],
    [
      "disabled for the whole file, without rules",
      organization(reviewed, "nothing"),
      "version: 1\nenforcement: disabled\n",
      facts,
      "wait r=pending",
    ],
    [
      "disabled where it may",
      organization(reviewed, "override"),
      file(reviewed, "    enforcement: disabled\n"),
      facts,
      "allow r=skipped",
    ],
    [
      "active where the organisation only evaluates",
      organization(reviewed, "tighten", "    enforcement: evaluate\n"),
      file(reviewed, "    enforcement: active\n"),
      facts,
      "wait r=pending",
    ],
    [
      "a narrower when",
      organization(reviewed, "tighten"),
      file(reviewed, "    when: { branches: [main] }\n"),
      facts,
      "wait r=pending",
    ],
    [
      "no when where the organisation has one",
      organization(reviewed, "tighten", "    when: { branches: [main] }\n"),
      file(reviewed),
      facts,
      "wait r=pending",
    ],
    [
      "another gate",
      organization("{ checks: { names: [x] } }", "tighten"),
      file("{ checks: { names: [x] } }", "    applies_to: deployment\n"),
      facts,
      "wait r=pending",
    ],
    [
      "one gate more",
      organization("{ checks: { names: [x] } }", "tighten"),
      file("{ checks: { names: [x] } }", "    applies_to: [pull_request, deployment]\n"),
      facts,
      "wait r=pending",
    ],
    [
      "a rule of its own",
      organization(reviewed, "nothing"),
      file("{ title: { pattern: x } }").replace("name: r", "name: s"),
      facts,
      "deny r=pending s=fail",
    ],
    [
      "an override of a rule that may not be changed",
      organization(reviewed, "nothing"),
      `version: 1\nrules: []\noverrides: [{ name: e, rules: [r], by: { users: [bob] } }]\n`,
      "overrides: [{ name: e, by: bob, reason: because }]",
      "wait r=pending",
    ],
  ])("%s", async (_what, ours, theirs, given, expected) => {
    expect(await outcome({ policy: theirs, organization: ours, facts: given })).toBe(expected);
  });
});

describe("repositories of an organisation's policy", () => {
  const ours = (repositories: string): string =>
    `${organization("{ reviews: {} }", null)}repositories: ${repositories}\n`;
  it.each<[string, string, string, string]>([
    ["by name", "[widget]", "repository: widget", "wait r=pending"],
    ["by another name", "[gadget]", "repository: widget", "allow"],
    ["by a glob", "['wid*']", "repository: { name: widget }", "wait r=pending"],
    ["by owner and name", "[acme/widget]", "repository: acme/widget", "wait r=pending"],
    [
      "by a property",
      "{ properties: { tier: gold } }",
      "properties: { tier: gold }",
      "wait r=pending",
    ],
    [
      "by a property it lacks",
      "{ properties: { tier: gold } }",
      "properties: { tier: silver }",
      "allow",
    ],
    [
      "by both, one of which holds",
      "{ names: [widget], properties: { tier: gold } }",
      "repository: widget",
      "allow",
    ],
  ])("%s", async (_what, repositories, facts, expected) => {
    expect(
      await outcome({ policy: "version: 1\nrules: []\n", organization: ours(repositories), facts }),
    ).toBe(expected);
  });
});

describe("what else a repository cannot soften", () => {
  const scanned = organization("{ findings: { require_scan: none } }", "nothing");
  const waived =
    "waivers: [{ finding: CVE-1, until: 2027-01-31, owner: octocat, reason: not reachable }]\n";
  const critical = "findings: [{ id: CVE-1, severity: critical }]\nnow: 2026-03-30T12:00:00Z\n";
  const hours = (days: string): string =>
    `windows: { hours: { timezone: UTC, open: [{ days: [${days}], from: '09:00', to: '17:00' }] } }\n`;
  const windowed =
    "version: 1\nrules: [{ name: r, applies_to: pull_request, require: { window: hours } }]\n";
  const frozen = (from: string, until: string): string =>
    `freezes: [{ name: f, timezone: UTC, during: { from: '${from}', until: '${until}' } }]\n`;
  const unfrozen =
    "version: 1\nrules: [{ name: r, applies_to: pull_request, require: { not_frozen: true } }]\n";
  const empty = "version: 1\nrules: []\n";
  const monday = "now: 2026-03-30T12:00:00Z\n";
  it.each<[string, string, string, string, string]>([
    [
      "the organisation's waiver holds for its rule",
      `${scanned}${waived}`,
      empty,
      critical,
      "allow r=pass",
    ],
    ["a repository's waiver does not", scanned, `${empty}${waived}`, critical, "deny r=fail"],
    [
      "a repository's waiver holds for a rule of its own",
      organization("{ title: { pattern: x } }", "nothing").replace("name: r", "name: o"),
      `${file("{ findings: { require_scan: none } }")}${waived}`,
      `pull_request: { title: x }\n${critical}`,
      "allow o=pass r=pass",
    ],
    [
      "the organisation's waiver holds for a repository's rule as well",
      `${organization("{ title: { pattern: x } }", "nothing").replace("name: r", "name: o")}${waived}`,
      file("{ findings: { require_scan: none } }"),
      `pull_request: { title: x }\n${critical}`,
      "allow o=pass r=pass",
    ],
    [
      "a window of the same name is the organisation's",
      `${windowed}${hours("tue")}`,
      `${empty}${hours("mon")}`,
      monday,
      "wait r=pending",
    ],
    [
      "the organisation's window serves a repository's rule",
      `${empty}${hours("mon")}`,
      windowed,
      monday,
      "allow r=pass",
    ],
    [
      "a freeze of the same name is the organisation's",
      `${unfrozen}${frozen("2026-03-30T00:00", "2026-03-31T00:00")}`,
      `${empty}${frozen("2020-03-30T00:00", "2020-03-31T00:00")}`,
      monday,
      "wait r=pending",
    ],
    [
      "a freeze of its own binds a repository at the organisation's rule",
      unfrozen,
      `${empty}${frozen("2026-03-30T00:00", "2026-03-31T00:00")}`,
      monday,
      "wait r=pending",
    ],
    [
      "repositories_may in a repository's file says nothing",
      organization("{ reviews: {} }", "nothing"),
      organization("{ reviews: { approvals: 0 } }", "override"),
      "{}",
      "wait r=pending",
    ],
    [
      "repositories in a repository's file says nothing",
      organization("{ reviews: {} }", "nothing"),
      "version: 1\nrepositories: [other]\nrules: [{ name: own, require: { title: { pattern: x } } }]\n",
      "repository: widget",
      "deny r=pending own=fail",
    ],
    [
      "a preset's rule of the same name loosens nothing",
      organization("{ reviews: { approvals: 2 } }", "nothing").replace("name: r", "name: reviewed"),
      "version: 1\nextends: gatehouse:recommended\n",
      "reviews: [{ by: bob, state: approved }]",
      "wait reviewed=pending checks-green=pass covered=skipped no-critical-findings=pass",
    ],
    [
      "an organisation may extend a preset",
      "version: 1\nextends: gatehouse:recommended\n",
      empty,
      "{}",
      "wait reviewed=pending checks-green=pass covered=skipped no-critical-findings=pass",
    ],
    [
      "tighten: an enforcement that was only shown may count",
      organization("{ title: { pattern: '^never$' } }", "tighten", "    enforcement: evaluate\n"),
      file("{ title: { pattern: '^never$' } }", "    enforcement: active\n"),
      "{}",
      "deny r=fail",
    ],
    [
      "nothing: what was only shown stays so",
      organization("{ title: { pattern: '^never$' } }", "nothing", "    enforcement: evaluate\n"),
      file("{ title: { pattern: '^never$' } }", "    enforcement: active\n"),
      "{}",
      "allow r=fail",
    ],
    [
      "a disabled file of a repository retires its own rules only",
      organization("{ reviews: {} }", "nothing"),
      "version: 1\nenforcement: disabled\nrules: [{ name: own, require: { title: { pattern: x } } }]\n",
      "{}",
      "wait r=pending own=skipped",
    ],
  ])("%s", async (_what, ours, theirs, facts, expected) => {
    expect(await outcome({ policy: theirs, organization: ours, facts })).toBe(expected);
  });

  const overriding = (more: string, may: May | null): string =>
    `${organization("{ title: { pattern: '^never$' } }", may)}overrides: [{ name: e, rules: [r], by: { users: [boss] }, confirmations: 0, ticket: optional, lasts: 4h${more} }]\n`;
  const theirs = (override: string): string =>
    `version: 1\nrules: []\noverrides: [{ name: e, rules: [r], ${override} }]\n`;
  const by = (who: string): string =>
    `overrides: [{ name: e, by: ${who}, reason: because }]\nnow: 2026-03-30T12:00:00Z\n`;
  it.each<[string, May, string, string, string]>([
    ["the organisation's own", "nothing", "", by("boss"), "allow r=fail"],
    [
      "more people",
      "tighten",
      "by: { users: [boss, bob] }, confirmations: 0",
      by("bob"),
      "deny r=fail",
    ],
    ["other people", "tighten", "by: { users: [bob] }, confirmations: 0", by("bob"), "deny r=fail"],
    [
      "fewer confirmations than none cannot be",
      "tighten",
      "by: { users: [boss] }, confirmations: 1, ticket: optional, lasts: 4h",
      by("boss"),
      "deny r=fail",
    ],
    [
      "a ticket as well",
      "tighten",
      "by: { users: [boss] }, confirmations: 0, ticket: required, lasts: 4h",
      by("boss"),
      "deny r=fail",
    ],
    [
      "a longer time",
      "tighten",
      "by: { users: [boss] }, confirmations: 0, ticket: optional, lasts: 8h",
      `overrides: [{ name: e, by: boss, reason: because, at: 2026-03-30T07:00:00Z }]\nnow: 2026-03-30T12:00:00Z\n`,
      "deny r=fail",
    ],
    [
      "a shorter time",
      "tighten",
      "by: { users: [boss] }, confirmations: 0, ticket: optional, lasts: 1h",
      `overrides: [{ name: e, by: boss, reason: because, at: 2026-03-30T10:00:00Z }]\nnow: 2026-03-30T12:00:00Z\n`,
      "deny r=fail",
    ],
    [
      "other people where they may",
      "override",
      "by: { users: [bob] }, confirmations: 0",
      by("bob"),
      "allow r=fail",
    ],
    [
      "fewer people where nothing may be changed",
      "nothing",
      "by: { users: [bob] }, confirmations: 0",
      by("boss"),
      "allow r=fail",
    ],
  ])("overrides: %s", async (_what, may, override, facts, expected) => {
    expect(
      await outcome({
        policy: override === "" ? "version: 1\nrules: []\n" : theirs(override),
        organization: overriding("", may),
        facts,
      }),
    ).toBe(expected);
  });

  it("what is ignored is told, with its line", async () => {
    const { json } = await ask({
      policy: file("{ reviews: { approvals: 1 } }"),
      organization: organization("{ reviews: { approvals: 2 } }", "tighten"),
      facts: "{}",
    });
    expect(json?.summary).toMatch(
      /Warnings:\n- policy, line 4: .*rule "r": a repository may only tighten it: approvals of its reviews asks for less, or for something else; ignored, the organisation's value stands/,
    );
  });
});
