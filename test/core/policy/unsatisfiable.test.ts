import { describe, expect, it } from "vitest";
import { type CheckFact, checks } from "#core/facts/checks.ts";
import { scanSources, type ScanSourceFact } from "#core/facts/findings.ts";
import { teamMembers } from "#core/facts/people.ts";
import type { Person } from "#core/model/actor.ts";
import { neverMet, teamsAsked } from "#core/policy/unsatisfiable.ts";
import {
  aCheck,
  alice,
  aStatus,
  bob,
  cannotRead,
  carol,
  factsOf,
  tell,
  type Told,
} from "../build.ts";
import { effective } from "./some-policy.ts";

const rule = (require: string): string =>
  `version: 1\nrules:\n  - name: asked\n    applies_to: [pull_request]\n    require: ${require}\n`;
const door = (require: string): string =>
  `version: 1\nrules:\n  - name: asked\n    applies_to: deployment\n    require: ${require}\n`;
const team = (name: string, ...people: readonly Person[]): Told =>
  tell(teamMembers.need(name), people);

const reasons = (
  policy: string,
  people: readonly Told[],
  seen: readonly (readonly Told[])[] = [],
): readonly string[] =>
  neverMet(effective({ own: policy }), {
    owner: "acme",
    people: factsOf(...people),
    seen: seen.map((told) => factsOf(...told)),
    mayAsk: (source) => source === "metrics",
  }).map(({ rule: name, because }) => `${name}: ${because}`);

describe("people", () => {
  it.each<readonly [string, string, readonly Told[], readonly RegExp[]]>([
    [
      "more approvals than people",
      rule("{ reviews: { approvals: 3, teams: [backend] } }"),
      [team("backend", alice, bob)],
      [/^asked: it asks for 3 approvals, and backend are 2 people$/],
    ],
    [
      "people of two teams count once",
      rule("{ reviews: { approvals: 3, teams: [backend, frontend] } }"),
      [team("backend", alice, bob), team("frontend", bob)],
      [/3 approvals, and backend, frontend are 2 people/],
    ],
    [
      "users beside the team",
      rule("{ reviews: { approvals: 3, teams: [backend], users: [Alice, carol] } }"),
      [team("backend", alice, bob)],
      [],
    ],
    [
      "too few even with users",
      rule("{ reviews: { approvals: 3, teams: [backend], users: [ALICE] } }"),
      [team("backend", alice, bob)],
      [/3 approvals, and backend, ALICE are 2 people/],
    ],
    [
      "an empty team",
      rule("{ reviews: { teams: [backend] } }"),
      [team("backend")],
      [/1 approval, and backend has nobody in it/],
    ],
    [
      "a team that is not there",
      rule("{ reviews: { teams: [backend] } }"),
      [cannotRead(teamMembers.need("backend"), "not_found")],
      [/the team backend is not there, or the App cannot see it/],
    ],
    [
      "a team that cannot be read now",
      rule("{ reviews: { teams: [backend] } }"),
      [cannotRead(teamMembers.need("backend"))],
      [],
    ],
    [
      "a role beside the team",
      rule("{ reviews: { approvals: 3, teams: [backend], roles: [write] } }"),
      [team("backend", alice)],
      [],
    ],
    [
      "one of several teams",
      rule("{ reviews: { each: [{ teams: [backend] }, { teams: [security], approvals: 2 }] } }"),
      [team("backend", alice), team("security", bob)],
      [/2 approvals, and security is 1 person/],
    ],
    [
      "a deployment's approval",
      door("{ approvals: { count: 2, teams: [release] } }"),
      [team("release", carol)],
      [/2 approvals, and release is 1 person/],
    ],
    [
      "another way under any",
      rule("{ any: [{ reviews: { teams: [backend] } }, { labels: { any: [fine] } }] }"),
      [team("backend")],
      [],
    ],
    [
      "no way at all under any",
      rule(
        "{ any: [{ reviews: { teams: [backend] } }, { reviews: { approvals: 2, teams: [security] } }] }",
      ),
      [team("backend"), team("security", bob)],
      [/backend has nobody/, /security is 1 person/],
    ],
    [
      "one part of all",
      rule("{ all: [{ reviews: { teams: [backend] } }, { labels: { any: [fine] } }] }"),
      [team("backend")],
      [/backend has nobody/],
    ],
    [
      "a rule that is off",
      rule("{ reviews: { teams: [backend] } }").replace(
        "applies_to",
        "enforcement: disabled\n    applies_to",
      ),
      [team("backend")],
      [],
    ],
    [
      "an override whose confirmations nobody is left for",
      `${rule("{ reviews: {} }")}overrides:\n  - { name: fire, rules: [asked], by: { teams: [backend] }, confirmations: 2, lasts: 1h }\n`,
      [team("backend", alice, bob)],
      [/^override fire: it asks for 3 voices, and backend are 2 people$/],
    ],
  ])("%s", (_what, policy, people, says) => {
    const found = reasons(policy, people);
    expect(found).toHaveLength(says.length);
    says.forEach((sentence, index) => expect(found[index]).toMatch(sentence));
  });

  it("asks for the teams of rules and overrides, each once", () => {
    const policy = effective({
      own: `${rule("{ reviews: { teams: [backend], each: [{ teams: [acme/backend, security] }] } }")}overrides:\n  - { name: fire, rules: [asked], by: { teams: [security] }, lasts: 1h }\n`,
    });
    expect(
      teamsAsked(policy, "acme")
        .map(({ key }) => key)
        .sort(),
    ).toEqual(['team_members:"backend"', 'team_members:"security"']);
  });
});

const three = (told: readonly Told[]): readonly (readonly Told[])[] => [told, told, told];

const reporting = (...names: readonly string[]): readonly Told[] => [
  tell(
    checks.need(),
    names.map((name) => aCheck(name)),
  ),
];

const reported = (...seen: readonly CheckFact[]): readonly Told[] => [tell(checks.need(), seen)];
const ofWorkflow = (path: string): CheckFact =>
  aCheck("unit", { run: { id: 900, event: "pull_request", path } });
const posted = aStatus("unit", { app: null });

describe("checks", () => {
  it.each<readonly [string, string, readonly (readonly Told[])[], readonly RegExp[]]>([
    [
      "one that never reports",
      "{ names: [unit] }",
      [reporting("lint"), reporting("lint"), reporting()],
      [/no check unit reported on any of the 3 pull requests.*filtered by path/],
    ],
    ["too few to tell", "{ names: [unit] }", [reporting("lint"), reporting("lint")], []],
    [
      "one that reports everywhere",
      "{ names: [unit] }",
      [reporting("unit", "lint"), reporting("unit"), reporting("unit")],
      [],
    ],
    [
      "one whose workflow is filtered",
      "{ names: [unit] }",
      [reporting("unit", "lint"), reporting("lint"), reporting("unit", "lint")],
      [/the check unit reported on 2 of 3 pull requests with checks: .*filtered.* waits for ever/],
    ],
    [
      "pull requests without any check say nothing of filters",
      "{ names: [unit] }",
      [reporting("unit"), reporting(), reporting("unit"), reporting("unit")],
      [],
    ],
    [
      "one from another app",
      "{ names: [unit], app: circleci }",
      [reporting("unit"), reporting("unit"), reporting("unit")],
      [/never from the app circleci: from github-actions/],
    ],
    [
      "one from the app by its id",
      "{ names: [unit], app: 15368 }",
      [reporting("unit"), reporting("unit"), reporting("unit")],
      [],
    ],
    [
      "one from another workflow",
      "{ names: [unit], workflow: .github/workflows/other.yml }",
      [reporting("unit"), reporting("unit"), reporting("unit")],
      [/never from the workflow \.github\/workflows\/other\.yml/],
    ],
    [
      "one from the app, in another case",
      "{ names: [unit], app: GitHub-Actions }",
      [reporting("unit"), reporting("unit"), reporting("unit")],
      [],
    ],
    [
      "one from the app by its id in digits",
      "{ names: [unit], app: '15369' }",
      [reporting("unit"), reporting("unit"), reporting("unit")],
      [/never from the app 15369: from github-actions/],
    ],
    [
      "one from the workflow, by its file's name",
      "{ names: [unit], workflow: ci.yml }",
      [reporting("unit"), reporting("unit"), reporting("unit")],
      [],
    ],
    [
      "one from the workflow, whose path GitHub tells with a ref",
      "{ names: [unit], workflow: ./.github/workflows/ci.yml }",
      three(reported(ofWorkflow(".github/workflows/ci.yml@refs/heads/main"))),
      [],
    ],
    [
      "one that no trusted workflow reports",
      "{ names: [unit], trusted: true }",
      three(reported(posted)),
      [/never from a workflow: from no workflow/],
    ],
    [
      "one from the app on some, from another on the rest",
      "{ names: [unit], app: github-actions }",
      [reporting("unit"), reporting("unit"), reported(posted)],
      [/the check unit reported on 2 of 3 pull requests with checks/],
    ],
    [
      "a glob that something matches",
      "{ names: ['build *'] }",
      [reporting("build a"), reporting("build b"), reporting("build c")],
      [],
    ],
  ])("%s", (_what, require, seen, says) => {
    const found = reasons(rule(`{ checks: ${require} }`), [], seen);
    expect(found).toHaveLength(says.length);
    says.forEach((sentence, index) => expect(found[index]).toMatch(sentence));
  });
});

const aSource = (over: Partial<ScanSourceFact> = {}): ScanSourceFact => ({
  state: "on",
  note: null,
  findings: [],
  beyond: {},
  scans: [],
  failed: [],
  unreadable: [],
  waiting: [],
  ignored: [],
  dismissedAt: {},
  removed: [],
  workflows: [],
  link: null,
  evidence: [],
  ...over,
});
const scanned = (
  over: Partial<Record<keyof typeof scanSources, Partial<ScanSourceFact>>> = {},
): readonly Told[] =>
  (Object.keys(scanSources) as (keyof typeof scanSources)[]).map((source) =>
    tell(scanSources[source].need(), aSource(over[source])),
  );
const codeql = { scans: [{ tool: "CodeQL", kinds: ["code" as const] }] };

describe("scanners", () => {
  it.each<readonly [string, string, readonly (readonly Told[])[], readonly RegExp[]]>([
    [
      "a source that is switched off",
      "{ from: [code-scanning] }",
      [scanned({ "code-scanning": { state: "off" } })],
      [/code-scanning is switched off for this repository/],
    ],
    [
      "one that is on",
      "{ from: [code-scanning] }",
      three(scanned({ "code-scanning": codeql })),
      [],
    ],
    [
      "one that is on and never looked",
      "{ from: [code-scanning] }",
      three(scanned()),
      [
        /asks for a scan, and none of the 3/,
        /a scan by code-scanning, and none of the 3 pull requests/,
      ],
    ],
    [
      "a tool that never scanned",
      "{ require_scan: [trivy] }",
      three(scanned({ "code-scanning": codeql })),
      [/a scan by trivy, and none of the 3 pull requests looked at has one/],
    ],
    [
      "a tool that scanned once",
      "{ require_scan: [codeql] }",
      [scanned(), scanned(), scanned({ "code-scanning": codeql })],
      [],
    ],
    ["nothing that scans at all", "{}", three(scanned()), [/asks for a scan, and none of the 3/]],
    ["nothing is asked", "{ require_scan: none }", three(scanned()), []],
    ["what was not read says nothing", "{}", three([]), []],
  ])("%s", (_what, require, seen, says) => {
    const found = reasons(rule(`{ findings: ${require} }`), [], seen);
    expect(found).toHaveLength(says.length);
    says.forEach((sentence, index) => expect(found[index]).toMatch(sentence));
  });
});

describe("health sources", () => {
  const ring = (source: string): string =>
    door(
      `{ promoted_from: { environment: staging, health: [{ source: ${source}, query: q, is: "< 1" }] } }`,
    );
  const asks = (source: string): string =>
    door(`{ health: { source: ${source}, query: q, is: "< 1" } }`);

  it("one that nobody named for the repository is never answered", () => {
    for (const text of [ring("other"), asks("other")])
      expect(reasons(text, [])).toEqual([
        'asked: no health source "other" is named for this repository: the people who run Gatehouse name it in HEALTH_SOURCES',
      ]);
    for (const text of [ring("metrics"), asks("metrics")]) expect(reasons(text, [])).toEqual([]);
  });
});
