import { describe, expect, it } from "vitest";
import { validatePolicy } from "#core/policy/validate.ts";
import { parsed, problemsIn } from "./some-policy.ts";

/** The example of the policy language's own page, in our words and figures. */
const wholeLanguage = `version: 1
extends: gatehouse:recommended
description: Everything the language has.
enforcement: active
commands: { bare: true }
rules:
  - name: two-reviews
    description: Two people look.
    applies_to: pull_request
    enforcement: evaluate
    when:
      branches: [main, "release/*"]
      head_branches: "feature/**"
      paths: ["src/**"]
      only_paths: ["**"]
      authors: { teams: [backend], users: [octocat], roles: [write] }
      labels: [ready]
      without_labels: [wip]
      title: "^feat"
      draft: false
      fork: false
      changed_lines: ">500"
      repositories: ["shop-*"]
      properties: { tier: [gold, silver], pci: true }
      not: { labels: [skip] }
      any: [{ paths: ["a/**"] }, { title: ["x", "y"] }]
    require: { reviews: { approvals: 2, teams: [backend], code_owners: true, stale: dismiss } }
  - name: tests
    applies_to: [pull_request, deployment]
    require: { checks: { names: [unit, "test-*"], app: github-actions, conclusions: [success, neutral] } }
  - name: deep
    require:
      any:
        - all: [{ commits: { signed: true } }, { up_to_date: true }]
        - labels: { any: [hotfix] }
  - name: evidence
    require:
      all:
        - coverage: { project: 80, patch: 80, max_drop: 1, flags: [unit], from: { artifact: "coverage*" } }
        - licenses: { allow: [MIT, "Apache-2.0"], unknown: warn }
  - name: scans
    applies_to: [pull_request, deployment]
    require: { findings: { block: high, ticket: medium, kinds: [code], tools: [CodeQL], new_only: true, unrated: high, require_scan: [CodeQL], from: [code-scanning] } }
  - name: in-window
    when: { environments: ["production*"], refs: [main], actors: [octocat] }
    on_fail: hold
    require: { window: [business-hours] }
  - name: thawed
    require: { not_frozen: month-end }
  - name: approved
    repositories_may: tighten
    require: { approvals: { count: 1, teams: [acme/senior-engineers], exclude: [requester] } }
  - name: proven
    require: { promoted_from: { environment: staging, bake: 30m, checks: [smoke], within: 7d } }
  - name: gated
    require: { changes_gated: { since: last_deployment } }
  - name: attested
    require: { attestation: { signer_workflow: acme/build/.github/workflows/release.yml, subject: "*.tgz" } }
windows:
  business-hours:
    timezone: Europe/Berlin
    open:
      - { days: [mon, tue], from: "09:00", to: "17:00" }
    except: [holidays]
calendars:
  holidays: { ics: .github/holidays.ics, timezone: Europe/Berlin }
freezes:
  - name: month-end
    timezone: Europe/Berlin
    environments: ["production*"]
    during: { month_end: { last_business_days: 3, calendar: holidays } }
    reason: Books close.
    exempt: { rollbacks: true, teams: [finance-platform] }
overrides:
  - name: emergency
    label: emergency
    rules: [two-reviews, in-window, reviewed]
    by: { teams: [incident-commanders] }
    confirmations: 1
    lasts: 4h
    ticket: required
    post_review: { within: 2d, teams: [security] }
tickets: { high: { assign: { teams: [security] }, within: 14d, labels: [security] } }
waivers:
  - { finding: CVE-2025-1234, package: "pkg:npm/lodash@4.17.20", until: 2027-01-31, owner: octocat, reason: not reachable }
freezers: { teams: [release-managers] }
rollback: { workflow: .github/workflows/rollback.yml }
backtest: { last: 20 }
`;

describe("validatePolicy", () => {
  it("takes the whole language", () => {
    expect(problemsIn(wholeLanguage)).toEqual([]);
    expect(parsed(wholeLanguage).policy.overrides?.[0]).toMatchObject({
      confirmations: 1,
      lasts: "4h",
      ticket: "required",
    });
  });

  it("takes an organisation's file", () => {
    const text = `repositories: { names: ["svc-*"], properties: { tier: gold }, except: [svc-sandbox] }
rules: [{ name: a, repositories_may: tighten, require: { reviews: {} } }]`;
    expect(problemsIn(text)).toEqual([]);
    expect(
      problemsIn(`repositories: ["svc-*"]\nrules: [{ name: a, require: { reviews: {} } }]`),
    ).toEqual([]);
  });

  const rule = (body: string): string => `rules:\n  - name: a\n    ${body}\n`;

  it.each<[string, string, readonly RegExp[]]>([
    ["n: empty file", "", [/^error 1:1: the file is empty/]],
    ["n: only comments", "# nothing\n", [/^error 1:1: the file is empty/]],
    [
      "n: duplicate rule names",
      "rules:\n  - {name: a, require: {up_to_date: true}}\n  - {name: a, require: {up_to_date: true}}\n",
      [/^error 3:12: rules\[1\]\.name: duplicate rule name "a" \(first in line 2\)/],
    ],
    [
      "n: unknown key",
      "rules: []\nrule: []\n",
      [/^error 2:1: rule: unknown key "rule"; did you mean "rules"\?/],
    ],
    [
      "n: any of nothing",
      rule("require: {any: []}"),
      [/^error 3:20: rules\[0\]\.require\.any: any: \[\] can never pass/],
    ],
    [
      "n: all of nothing",
      rule("require: {all: []}"),
      [/^error 3:20: .*all: \[\] asks for nothing/],
    ],
    [
      "n: more approvals than people",
      rule("require: {reviews: {approvals: 3, users: [x, y]}}"),
      [/^warning 3:36: .*rule "a" asks for 3 approvals, but only 2 people are named/],
    ],
    [
      "n: the same, written twice",
      rule("require: {approvals: {count: 2, users: [x, X]}}"),
      [/^warning .*only 1 person is named/],
    ],
    [
      "n: more of one team than people",
      rule("require: {reviews: {each: [{approvals: 2, users: [x]}]}}"),
      [/^warning 3:44: .*only 1 person/],
    ],
    [
      "n: overrides with too few people",
      "rules: [{name: a, require: {up_to_date: true}}]\noverrides: [{name: e, rules: [a], by: {users: [x]}, confirmations: 1}]",
      [/^warning 2:68: .*override "e"/],
    ],
    [
      "key of a requirement",
      rule("require: {reviews: {aprovals: 2}}"),
      [
        /^error 3:25: rules\[0\]\.require\.reviews\.aprovals: unknown key "aprovals"; did you mean "approvals"\?/,
      ],
    ],
    [
      "name of a requirement",
      rule("require: {review: {}}"),
      [/^error 3:15: rules\[0\]\.require\.review: unknown key "review"; did you mean "reviews"\?/],
    ],
    [
      "predicate",
      rule("when: {branch: [main]}\n    require: {up_to_date: true}"),
      [/did you mean "branches"/],
    ],
    [
      "nothing near",
      rule("when: {zzzzzz: 1}\n    require: {up_to_date: true}"),
      [/unknown key "zzzzzz"; valid here: environments, refs/],
    ],
    [
      "two requirements",
      rule("require: {reviews: {}, checks: {all: true}}"),
      [/takes exactly one requirement, found reviews and checks: write "all: \[/],
    ],
    ["no requirement", rule("require: {}"), [/names no requirement: write one of reviews, checks/]],
    [
      "require forgotten",
      rule("description: x"),
      [/^error 2:5: rules\[0\]: rule "a" has no "require"/],
    ],
    [
      "a value of another kind",
      rule("require: {up_to_date: yes}"),
      [/^error 3:27: .*expected true/],
    ],
    [
      "nothing after the key",
      rule("require:"),
      [/^error 3:5: rules\[0\]\.require: expected a mapping \(key: value\), found nothing/],
    ],
    [
      "a name missing",
      "rules:\n  - require: {up_to_date: true}\n",
      [/^error 2:5: rules\[0\]: "name" is missing/],
    ],
    [
      "a name with capitals",
      "rules:\n  - {name: Two Reviews, require: {up_to_date: true}}\n",
      [/not a kebab-case name .*: write two-reviews/],
    ],
    [
      "a gate",
      rule("applies_to: pullrequest\n    require: {up_to_date: true}"),
      [
        /expected one of pull_request, deployment, found the text "pullrequest"; did you mean "pull_request"\?/,
      ],
    ],
    [
      "a gate in a list",
      rule("applies_to: [pull_request, deploy]\n    require: {checks: {all: true}}"),
      [/^error 3:32: .*found the text "deploy"; did you mean "deployment"\?/],
    ],
    [
      "no gate",
      rule("applies_to: []\n    require: {up_to_date: true}"),
      [/the rule stands at no gate/],
    ],
    [
      "a gate it cannot judge",
      rule("applies_to: pull_request\n    require: {changes_gated: true}"),
      [/^error 3:17: .*changes_gated cannot judge pull requests, only deployments/],
    ],
    [
      "no common gate",
      "rules:\n  - name: a\n    require: {all: [{coverage: {}}, {changes_gated: true}]}\n",
      [/its requirements share no gate/],
    ],
    [
      "enforcement",
      "enforcement: on\nrules: []\n",
      [/^error 1:14: enforcement: expected one of active, evaluate, disabled, found the text "on"/],
    ],
    [
      "another version",
      "version: 2\nrules: []\n",
      [/^error 1:10: version: this version of the language is 1/],
    ],
    ["a regular expression", rule("require: {title: {pattern: '(a'}}"), [/^error 3:32: .*RE2/]],
    ["a glob", rule("when: {paths: ['']}\n    require: {up_to_date: true}"), [/empty glob/]],
    [
      "an empty list",
      rule("when: {paths: []}\n    require: {up_to_date: true}"),
      [/an empty list never holds/],
    ],
    [
      "when: any of nothing",
      rule("when: {any: []}\n    require: {up_to_date: true}"),
      [/any: \[\] never holds/],
    ],
    [
      "when: not of nothing",
      rule("when: {not: {}}\n    require: {up_to_date: true}"),
      [/not: \{\} never holds/],
    ],
    [
      "lines compared",
      rule("when: {changed_lines: lots}\n    require: {up_to_date: true}"),
      [/not a comparison; write one such as ">500"/],
    ],
    [
      "a licence",
      rule("require: {licenses: {allow: [MIT, foo]}}"),
      [/allow\[1\]: "foo" is not an SPDX licence expression/],
    ],
    ["allow and deny", rule("require: {licenses: {}}"), [/write either "allow" or "deny"/]],
    [
      "a duration",
      rule("require: {promoted_from: {environment: staging, bake: 30}}"),
      [/expected .*a text.*found 30/],
    ],
    [
      "a zone",
      "windows: {w: {timezone: Europe/Berln, open: {days: [mon], from: '09:00', to: '10:00'}}}\nrules: []",
      [/^error 1:25: windows\.w\.timezone: .*Europe\/Berlin/],
    ],
    [
      "an unknown window",
      rule(
        "require: {window: busines-hours}\nwindows: {business-hours: {timezone: UTC, open: {days: [mon], from: '09:00', to: '10:00'}}}",
      ),
      [
        /^error 3:23: rules\[0\]\.require\.window: no window is named "busines-hours"; did you mean "business-hours"\?/,
      ],
    ],
    [
      "an unknown window of a list",
      rule(
        "require: {any: [{window: [w, x]}]}\nwindows: {w: {timezone: UTC, open: {days: [mon], from: '09:00', to: '10:00'}}}",
      ),
      [/^error 3:34: rules\[0\]\.require\.any\[0\]\.window\[1\]: no window is named "x"/],
    ],
    [
      "an unknown calendar",
      "rules: []\nwindows: {w: {timezone: UTC, open: {days: [mon], from: '09:00', to: '10:00'}, except: [h]}}",
      [/no rules/, /no calendar is named "h"/],
    ],
    [
      "an unknown calendar of a month's end",
      "rules: [{name: a, require: {up_to_date: true}}]\nfreezes: [{name: f, timezone: UTC, during: {month_end: {last_business_days: 2, calendar: h}}}]",
      [/^error 2:90: .*no calendar is named "h"/],
    ],
    ["an unknown freeze", rule("require: {not_frozen: [f]}"), [/no freeze is named "f"/]],
    [
      "duplicate freezes",
      "rules: [{name: a, require: {up_to_date: true}}]\nfreezes: [{name: f, timezone: UTC, during: {ics: a.ics}}, {name: f, timezone: UTC, during: {ics: b.ics}}]",
      [/duplicate freeze name "f"/],
    ],
    [
      "duplicate windows",
      "windows:\n  w: {timezone: UTC, open: {ics: a.ics}}\n  w: {timezone: UTC, open: {ics: a.ics}}\n",
      [/^error 3:3: windows\.w: duplicate key "w"/],
    ],
    [
      "an override of nothing",
      "rules: [{name: a, require: {up_to_date: true}}]\noverrides: [{name: e, rules: [b], by: {teams: [x]}}]",
      [/^error 2:31: overrides\[0\]\.rules\[0\]: no rule is named "b"/],
    ],
    [
      "an override by nobody",
      "rules: [{name: a, require: {up_to_date: true}}]\noverrides: [{name: e, rules: [a], by: {}}]",
      [/names nobody: write users, teams or roles/],
    ],
    [
      "duplicate override labels",
      "rules: [{name: a, require: {up_to_date: true}}]\noverrides: [{name: e, label: X, rules: [a], by: {teams: [x]}}, {name: f, label: x, rules: [a], by: {teams: [x]}}]",
      [/duplicate override label "x"/],
    ],
    [
      "a login",
      rule("when: {authors: ['not a login']}\n    require: {up_to_date: true}"),
      [/not a login/],
    ],
    [
      "what is extended",
      "extends: recommended\n",
      [/^error 1:10: extends: names neither a preset/],
    ],
    ["a policy that is a list", "- a\n", [/a policy is a mapping/]],
    [
      "no rules",
      "version: 1\n",
      [/^warning 1:1: the policy has no rules, so it allows everything/],
    ],
    [
      "paths at a deployment",
      rule(
        "applies_to: [pull_request, deployment]\n    when: {paths: [a]}\n    require: {checks: {all: true}}",
      ),
      [/^warning 4:19: .*paths says nothing about deployments/],
    ],
    [
      "environments at a pull request",
      rule("when: {environments: [a]}\n    require: {up_to_date: true}"),
      [/^warning .*environments never holds for pull requests/],
    ],
    [
      "on_fail at a pull request",
      rule("on_fail: hold\n    require: {up_to_date: true}"),
      [/^warning 3:14: .*on_fail is for deployments/],
    ],
    [
      "a time that says something else",
      "rules: [{name: a, require: {window: w}}]\nwindows: {w: {timezone: UTC, open: {cron: '* 10 * * *', duration: 1h}}}",
      [/^warning 2:43: windows\.w\.open\.cron: /, /run together/],
    ],
    [
      "nested too deep",
      rule(`require: ${"{all: [".repeat(8)}{up_to_date: true}${"]}".repeat(8)}`),
      [/nested more than 6 levels deep/],
    ],
  ])("%s", (_name, text, expected) => {
    const found = problemsIn(text);
    expect(found).toHaveLength(expected.length);
    for (const [index, words] of expected.entries()) expect(found[index]).toMatch(words);
  });

  it("is valid with warnings, invalid with an error", () => {
    expect(validatePolicy("version: 1\n")).toMatchObject({
      valid: true,
      problems: [{ severity: "warning" }],
    });
    expect(validatePolicy("version: 3\n")).toMatchObject({ valid: false });
    expect(validatePolicy("version: 3\n")).not.toHaveProperty("policy");
  });

  it("retires with nothing but its enforcement", () => {
    expect(problemsIn("enforcement: disabled\n")).toEqual([]);
  });

  it("knows the names an extended preset brings, and leaves an unknown file's names alone", () => {
    const text = (what: string): string =>
      `extends: ${what}\noverrides: [{name: e, rules: [reviewed], by: {teams: [x]}}]\nrules: [{name: reviewed, enforcement: evaluate}]\n`;
    expect(problemsIn(text("gatehouse:recommended"))).toEqual([]);
    expect(problemsIn(text("acme/policies:base.yml@v1"))).toEqual([]);
    expect(problemsIn(text("gatehouse:library").replace("[reviewed]", "[reviewd]"))).toEqual([
      expect.stringMatching(/no rule is named "reviewd"; did you mean "reviewed"/),
    ]);
  });

  it("knows the organisation's names", () => {
    const organization = parsed(
      "rules: [{name: a, repositories_may: override, require: {up_to_date: true}}]",
    );
    const text =
      "overrides: [{name: e, rules: [a], by: {teams: [x]}}]\nrules: [{name: a, enforcement: evaluate}]\n";
    expect(problemsIn(text, { organization })).toEqual([]);
    expect(problemsIn(text)).toEqual([expect.stringMatching(/rule "a" has no "require"/)]);
    expect(problemsIn(text.replace("[a]", "[gone]"), { organization })).toEqual([
      expect.stringMatching(/^warning .*no rule is named "gone"/),
    ]);
  });
});
