import { describe, expect, it } from "vitest";
import { validateText } from "./ask.ts";

/** Where the first problem is, as `line:column path severity`, and words that must be in its message. */
type Row = readonly [what: string, text: string, place: string, words: RegExp];

const rule = (require: string): string =>
  `version: 1\nrules:\n  - name: a\n    require: ${require}\n`;
const times = (text: string): string =>
  `version: 1\n${text}rules:\n  - { name: a, require: { reviews: {} } }\n`;

const errors: readonly Row[] = [
  ["row n: an empty file", "", "1:1  error", /empty/],
  ["only comments", "# nothing\n", "1:1  error", /empty/],
  ["only a document mark", "---\n", "1:1  error", /empty/],
  ["null", "null\n", "1:1  error", /empty/],
  ["a list", "- a\n", "1:1  error", /mapping/],
  ["a word", "hello\n", "1:1  error", /mapping/],
  ["another version", "version: 2\nrules: []\n", "1:10 version error", /version: 1/],
  ["an unknown key", "version: 1\nrule: []\n", "2:1 rule error", /did you mean "rules"/],
  [
    "after a byte order mark",
    "\uFEFFvers: 1\nrules: []\n",
    "1:1 vers error",
    /did you mean "version"/,
  ],
  [
    "with Windows line ends",
    "version: 1\r\nrules:\r\n  - name: a\r\n    require: { reviws: {} }\r\n",
    "4:16 rules[0].require.reviws error",
    /did you mean "reviews"/,
  ],
  [
    "an unknown key of a rule",
    "version: 1\nrules:\n  - name: a\n    requires: { reviews: {} }\n",
    "4:5 rules[0].requires error",
    /did you mean "require"/,
  ],
  [
    "an unknown requirement",
    rule("{ review: {} }"),
    "4:16 rules[0].require.review error",
    /did you mean "reviews"/,
  ],
  [
    "an unknown parameter",
    rule("{ reviews: { aprovals: 2 } }"),
    "4:27 rules[0].require.reviews.aprovals error",
    /did you mean "approvals"/,
  ],
  [
    "an unknown predicate",
    "version: 1\nrules:\n  - name: a\n    when: { path: [x] }\n    require: { reviews: {} }\n",
    "4:13 rules[0].when.path error",
    /did you mean "paths"/,
  ],
  [
    "a value of the wrong type",
    rule("{ reviews: { approvals: two } }"),
    "4:38 rules[0].require.reviews.approvals error",
    /number/,
  ],
  [
    "a negative count",
    rule("{ reviews: { approvals: -1 } }"),
    "4:38 rules[0].require.reviews.approvals error",
    /at least 0/,
  ],
  [
    "a fraction",
    rule("{ reviews: { approvals: 1.5 } }"),
    "4:38 rules[0].require.reviews.approvals error",
    /whole number/,
  ],
  [
    "row n: duplicate rule names",
    "version: 1\nrules:\n  - { name: a, require: { reviews: {} } }\n  - { name: a, require: { reviews: {} } }\n",
    "4:13 rules[1].name error",
    /duplicate/,
  ],
  ["row n: any: []", rule("{ any: [] }"), "4:21 rules[0].require.any error", /at least one/],
  ["all: []", rule("{ all: [] }"), "4:21 rules[0].require.all error", /at least one/],
  [
    "two requirements",
    rule("{ reviews: {}, title: { pattern: x } }"),
    "4:14 rules[0].require error",
    /exactly one/,
  ],
  ["no requirement", rule("{}"), "4:14 rules[0].require error", /names no requirement/],
  [
    "a rule without require",
    "version: 1\nrules:\n  - name: a\n",
    "3:5 rules[0] error",
    /no "require"/,
  ],
  [
    "a rule without a name",
    "version: 1\nrules:\n  - require: { reviews: {} }\n",
    "3:5 rules[0] error",
    /"name" is missing/,
  ],
  [
    "a name that is not kebab-case",
    "version: 1\nrules:\n  - name: My Rule\n    require: { reviews: {} }\n",
    "3:11 rules[0].name error",
    /write my-rule/,
  ],
  [
    "enforcement misspelt",
    "version: 1\nenforcement: actve\nrules: []\n",
    "2:14 enforcement error",
    /did you mean "active"/,
  ],
  [
    "a gate that is none",
    "version: 1\nrules:\n  - name: a\n    applies_to: deployments\n    require: { reviews: {} }\n",
    "4:17 rules[0].applies_to error",
    /deployment/,
  ],
  [
    "a requirement at the wrong gate",
    "version: 1\nrules:\n  - name: a\n    applies_to: deployment\n    require: { title: { pattern: x } }\n",
    "4:17 rules[0].applies_to error",
    /pull requests/,
  ],
  [
    "a broken pattern",
    rule('{ title: { pattern: "(" } }'),
    "4:34 rules[0].require.title.pattern error",
    /RE2/,
  ],
  [
    "look-around",
    rule('{ title: { pattern: "(?=x)" } }'),
    "4:34 rules[0].require.title.pattern error",
    /RE2/,
  ],
  ["an unknown window", rule("{ window: nope }"), "4:24 rules[0].require.window error", /nope/],
  [
    "an unknown window of a list",
    times(
      "windows: { w: { timezone: UTC, open: [{ days: [mon], from: '09:00', to: '17:00' }] } }\n",
    ).replace("reviews: {}", "window: [w, wx]"),
    "4:39 rules[0].require.window[1] error",
    /did you mean "w"/,
  ],
  [
    "an unknown freeze",
    rule("{ not_frozen: [nope] }"),
    "4:29 rules[0].require.not_frozen[0] error",
    /nope/,
  ],
  [
    "an unknown zone",
    times(
      "windows: { w: { timezone: Europe/Berln, open: [{ days: [mon], from: '09:00', to: '17:00' }] } }\n",
    ),
    "2:27 windows.w.timezone error",
    /did you mean Europe\/Berlin/,
  ],
  [
    "no zone",
    times("windows: { w: { open: [{ days: [mon], from: '09:00', to: '17:00' }] } }\n"),
    "2:12 windows.w error",
    /"timezone" is missing/,
  ],
  [
    "a window twice",
    times(
      "windows:\n  w: { timezone: UTC, open: [{ days: [mon], from: '09:00', to: '17:00' }] }\n  w: { timezone: UTC, open: [{ days: [mon], from: '09:00', to: '17:00' }] }\n",
    ),
    "4:3 windows.w error",
    /duplicate/,
  ],
  [
    "a time twice in one window",
    times(
      "windows: { w: { timezone: UTC, open: [{ days: [mon], from: '09:00', to: '17:00' }, { days: [mon], from: '09:00', to: '17:00' }] } }\n",
    ),
    "2:84 windows.w.open[1] error",
    /duplicate/,
  ],
  [
    "a day that is none",
    times(
      "windows: { w: { timezone: UTC, open: [{ days: [mo], from: '09:00', to: '17:00' }] } }\n",
    ),
    "2:48 windows.w.open[0].days[0] error",
    /mon, tue/,
  ],
  [
    "no day",
    times("windows: { w: { timezone: UTC, open: [{ days: [], from: '09:00', to: '17:00' }] } }\n"),
    "2:47 windows.w.open[0].days error",
    /at least one day/,
  ],
  [
    "a time of day that is none",
    times(
      "windows: { w: { timezone: UTC, open: [{ days: [mon], from: '25:00', to: '17:00' }] } }\n",
    ),
    "2:60 windows.w.open[0].from error",
    /time of day/,
  ],
  [
    "no time",
    times("windows: { w: { timezone: UTC, open: [] } }\n"),
    "2:38 windows.w.open error",
    /at least one time/,
  ],
  [
    "a freeze without a time",
    times("freezes:\n  - name: f\n    timezone: UTC\n"),
    "3:5 freezes[0] error",
    /"during" is missing/,
  ],
  [
    "a freeze that is none",
    times("freezes: [{ name: f, timezone: UTC, during: 5 }]\n"),
    "2:45 freezes[0].during error",
    /mapping/,
  ],
  [
    "an interval of no length",
    times(
      "freezes: [{ name: f, timezone: UTC, during: { from: 2026-12-24T00:00, until: 2026-12-24T00:00 } }]\n",
    ),
    "2:78 freezes[0].during.until error",
    /no time at all/,
  ],
  [
    "a freeze twice",
    times(
      "freezes:\n  - { name: f, timezone: UTC, during: { days: [mon], from: '00:00', to: '24:00' } }\n  - { name: f, timezone: UTC, during: { days: [tue], from: '00:00', to: '24:00' } }\n",
    ),
    "4:13 freezes[1].name error",
    /duplicate/,
  ],
  [
    "a cron minute that is none",
    times("freezes: [{ name: f, timezone: UTC, during: { cron: '61 10 * * *', duration: 1h } }]\n"),
    "2:53 freezes[0].during.cron error",
    /61/,
  ],
  [
    "a cron of six fields",
    times("freezes: [{ name: f, timezone: UTC, during: { cron: '0 0 0 * * *', duration: 1h } }]\n"),
    "2:53 freezes[0].during.cron error",
    /5 fields/,
  ],
  [
    "a duration of nothing",
    times("freezes: [{ name: f, timezone: UTC, during: { cron: '0 0 * * *', duration: 0h } }]\n"),
    "2:76 freezes[0].during.duration error",
    /no time/,
  ],
  [
    "no business day",
    times(
      "freezes: [{ name: f, timezone: UTC, during: { month_end: { last_business_days: 0 } } }]\n",
    ),
    "2:80 freezes[0].during.month_end.last_business_days error",
    /at least 1/,
  ],
  [
    "an unknown calendar",
    times(
      "freezes: [{ name: f, timezone: UTC, during: { month_end: { last_business_days: 3, calendar: holidys } } }]\ncalendars: { holidays: { ics: h.ics, timezone: UTC } }\n",
    ),
    "2:93 freezes[0].during.month_end.calendar error",
    /did you mean "holidays"/,
  ],
  [
    "a path out of the repository",
    times("calendars: { h: { ics: ../h.ics, timezone: UTC } }\n"),
    "2:24 calendars.h.ics error",
    /inside the repository/,
  ],
  [
    "an override of no rule",
    times("overrides: [{ name: e, rules: [nope], by: { users: [x] } }]\n"),
    "2:32 overrides[0].rules[0] error",
    /nope/,
  ],
  [
    "an override by nobody",
    times("overrides: [{ name: e, rules: [a], by: {} }]\n"),
    "2:40 overrides[0].by error",
    /nobody/,
  ],
  [
    "an override without by",
    times("overrides: [{ name: e, rules: [a] }]\n"),
    "2:13 overrides[0] error",
    /"by" is missing/,
  ],
  [
    "a duration without a unit",
    times("overrides: [{ name: e, rules: [a], by: { users: [x] }, lasts: 4 }]\n"),
    "2:63 overrides[0].lasts error",
    /text/,
  ],
  [
    "a ticket severity that is none",
    times("tickets: { severe: {} }\n"),
    "2:12 tickets.severe error",
    /critical, high/,
  ],
  [
    "a waiver without an end",
    times("waivers: [{ finding: CVE-2025-1234, owner: octocat, reason: x }]\n"),
    "2:11 waivers[0] error",
    /"until" is missing/,
  ],
  [
    "a waiver until a day that is none",
    times("waivers: [{ finding: CVE-2025-1234, until: 2027-02-30, owner: octocat, reason: x }]\n"),
    "2:44 waivers[0].until error",
    /real date/,
  ],
  [
    "a percentage beyond 100",
    rule("{ coverage: { project: 101 } }"),
    "4:37 rules[0].require.coverage.project error",
    /at most 100/,
  ],
  [
    "a severity that is none",
    rule("{ findings: { block: severe } }"),
    "4:35 rules[0].require.findings.block error",
    /critical, high/,
  ],
  [
    "a licence that is none",
    rule("{ licenses: { allow: [MITT] } }"),
    "4:36 rules[0].require.licenses.allow[0] error",
    /MITT/,
  ],
  [
    "licences allowed and denied",
    rule("{ licenses: { allow: [MIT], deny: [ISC] } }"),
    "4:26 rules[0].require.licenses error",
    /either/,
  ],
  [
    "repositories_may misspelt",
    "version: 1\nrules:\n  - name: a\n    repositories_may: tigten\n    require: { reviews: {} }\n",
    "4:23 rules[0].repositories_may error",
    /did you mean "tighten"/,
  ],
  [
    "an unknown preset",
    "version: 1\nextends: gatehouse:recomended\n",
    "2:10 extends error",
    /did you mean "gatehouse:recommended"/,
  ],
  [
    "extends of nothing known",
    "version: 1\nextends: foo\n",
    "2:10 extends error",
    /org\/repo:path@ref/,
  ],
  [
    "T17: extends of a path out of the repository",
    "version: 1\nextends: acme/policies:../base.yml@v1\n",
    "2:10 extends error",
    /inside the repository/,
  ],
  [
    "T17: extends of a path from the root",
    "version: 1\nextends: acme/policies:/base.yml@v1\n",
    "2:10 extends error",
    /inside the repository/,
  ],
  [
    "extends without a ref",
    "version: 1\nextends: acme/policies:base.yml\n",
    "2:10 extends error",
    /org\/repo:path@ref/,
  ],
  [
    "extends of several",
    "version: 1\nextends: [gatehouse:recommended]\n",
    "2:10 extends error",
    /expected a text/,
  ],
  ["extends of nothing", "version: 1\nextends:\n", "2:1 extends error", /expected a text/],
  [
    "a rule without require that the preset does not have",
    "version: 1\nextends: gatehouse:recommended\nrules:\n  - name: reviewd\n    enforcement: evaluate\n",
    "4:5 rules[0] error",
    /no "require"/,
  ],
  [
    "one word where a list is asked for",
    rule("{ checks: { names: unit } }"),
    "4:33 rules[0].require.checks.names error",
    /write \["unit"\]/,
  ],
  [
    "one role where a list is asked for",
    rule("{ reviews: { roles: maintain } }"),
    "4:34 rules[0].require.reviews.roles error",
    /write \["maintain"\]/,
  ],
  [
    "an empty list",
    rule("{ reviews: { teams: [] } }"),
    "4:34 rules[0].require.reviews.teams error",
    /must not be empty/,
  ],
  [
    "a requirement without its parameters",
    rule("{ title: {} }"),
    "4:16 rules[0].require.title error",
    /"pattern" is missing/,
  ],
  [
    "checks that name nothing",
    rule("{ checks: {} }"),
    "4:24 rules[0].require.checks error",
    /names or all: true/,
  ],
  [
    "labels that name nothing",
    rule("{ labels: {} }"),
    "4:24 rules[0].require.labels error",
    /all, any, none/,
  ],
  [
    "a size of nothing",
    rule("{ size: { ignore: [a] } }"),
    "4:22 rules[0].require.size error",
    /max_lines or max_files/,
  ],
  [
    "commits that ask for nothing",
    rule("{ commits: {} }"),
    "4:25 rules[0].require.commits error",
    /signed, signed_off, message or linear/,
  ],
  [
    "a ticket of no kind",
    rule("{ ticket: {} }"),
    "4:24 rules[0].require.ticket error",
    /pattern or linked_issue/,
  ],
  [
    "up_to_date: false",
    rule("{ up_to_date: false }"),
    "4:28 rules[0].require.up_to_date error",
    /expected true/,
  ],
  [
    "pinned_actions: false",
    rule("{ pinned_actions: false }"),
    "4:32 rules[0].require.pinned_actions error",
    /expected true/,
  ],
  [
    "a requirement with nothing after it",
    rule("{ reviews }"),
    "4:16 rules[0].require.reviews error",
    /mapping/,
  ],
  ["a requirement that is a word", rule("reviews"), "4:14 rules[0].require error", /mapping/],
  [
    "a percentage with its sign",
    rule("{ coverage: { project: 80% } }"),
    "4:37 rules[0].require.coverage.project error",
    /expected a number/,
  ],
  [
    "yes for true",
    rule("{ reviews: { allow_author: yes } }"),
    "4:41 rules[0].require.reviews.allow_author error",
    /true or false/,
  ],
  [
    "a number that is none",
    rule("{ coverage: { project: .nan } }"),
    "4:37 rules[0].require.coverage.project error",
    /number/,
  ],
  [
    "each of nobody",
    rule("{ reviews: { each: [{}] } }"),
    "4:34 rules[0].require.reviews.each[0] error",
    /names nobody/,
  ],
  [
    "an empty pattern",
    rule("{ title: { pattern: '' } }"),
    "4:34 rules[0].require.title.pattern error",
    /empty/,
  ],
  [
    "a back-reference",
    rule("{ title: { pattern: '(a)\\1' } }"),
    "4:34 rules[0].require.title.pattern error",
    /RE2/,
  ],
  [
    "any: [] in when",
    "version: 1\nrules:\n  - name: a\n    when: { any: [] }\n    require: { reviews: {} }\n",
    "4:18 rules[0].when.any error",
    /at least one/,
  ],
  [
    "not: {} in when",
    "version: 1\nrules:\n  - name: a\n    when: { not: {} }\n    require: { reviews: {} }\n",
    "4:18 rules[0].when.not error",
    /never holds/,
  ],
  [
    "an empty list in when",
    "version: 1\nrules:\n  - name: a\n    when: { branches: [] }\n    require: { reviews: {} }\n",
    "4:23 rules[0].when.branches error",
    /never holds/,
  ],
  [
    "a comparison that is none",
    "version: 1\nrules:\n  - name: a\n    when: { changed_lines: many }\n    require: { reviews: {} }\n",
    "4:28 rules[0].when.changed_lines error",
    />500/,
  ],
  [
    "a predicate with a hyphen",
    "version: 1\nrules:\n  - name: a\n    when: { head-branches: [x] }\n    require: { reviews: {} }\n",
    "4:13 rules[0].when.head-branches error",
    /did you mean "head_branches"/,
  ],
  [
    "on_fail misspelt",
    "version: 1\nrules:\n  - name: a\n    on_fail: wait\n    require: { reviews: {} }\n",
    "4:14 rules[0].on_fail error",
    /reject, hold/,
  ],
  [
    "a gate twice",
    "version: 1\nrules:\n  - name: a\n    applies_to: [deployment, deployment]\n    require: { not_frozen: true }\n",
    "4:17 rules[0].applies_to error",
    /twice/,
  ],
  [
    "no gate",
    "version: 1\nrules:\n  - name: a\n    applies_to: []\n    require: { not_frozen: true }\n",
    "4:17 rules[0].applies_to error",
    /no gate/,
  ],
  [
    "requirements of different gates",
    rule("{ all: [{ title: { pattern: x } }, { approvals: {} }] }"),
    "4:14 rules[0].require error",
    /share no gate/,
  ],
  [
    "an override's label twice",
    times(
      "overrides: [{ name: e, label: l, rules: [a], by: { users: [x] } }, { name: f, label: L, rules: [a], by: { users: [y] } }]\n",
    ),
    "2:86 overrides[1].label error",
    /duplicate/,
  ],
  [
    "an override twice",
    times(
      "overrides: [{ name: e, rules: [a], by: { users: [x] } }, { name: e, rules: [a], by: { users: [y] } }]\n",
    ),
    "2:66 overrides[1].name error",
    /duplicate/,
  ],
  [
    "an override that lasts no time",
    times("overrides: [{ name: e, rules: [a], by: { users: [x] }, lasts: 0h }]\n"),
    "2:63 overrides[0].lasts error",
    /no time/,
  ],
  [
    "an override that lasts for words",
    times("overrides: [{ name: e, rules: [a], by: { users: [x] }, lasts: 4 hours }]\n"),
    "2:63 overrides[0].lasts error",
    /30m, 4h or 2d/,
  ],
  [
    "a ticket that may be required",
    times("overrides: [{ name: e, rules: [a], by: { users: [x] }, ticket: yes }]\n"),
    "2:64 overrides[0].ticket error",
    /required, optional/,
  ],
  [
    "a post-review without its due time",
    times(
      "overrides: [{ name: e, rules: [a], by: { users: [x] }, post_review: { teams: [s] } }]\n",
    ),
    "2:56 overrides[0].post_review error",
    /"within" is missing/,
  ],
  [
    "a post-review by nobody",
    times(
      "overrides: [{ name: e, rules: [a], by: { users: [x] }, post_review: { within: 2d } }]\n",
    ),
    "2:69 overrides[0].post_review error",
    /names nobody/,
  ],
  [
    "a waiver without a reason",
    times("waivers: [{ finding: C, until: 2027-01-31, owner: o, reason: '' }]\n"),
    "2:62 waivers[0].reason error",
    /say something/,
  ],
  ["freezers: nobody", times("freezers: {}\n"), "2:11 freezers error", /names nobody/],
  [
    "the language in another case",
    "Version: 1\nrules: []\n",
    "1:1 Version error",
    /did you mean "version"/,
  ],
  ["a key without a name", "version: 1\n: x\n", "2:1  error", /key is missing/],
  ["a key that is a list", "version: 1\n? [a]\n: x\n", "2:3  error", /plain word/],
  ["a key that is a number", "version: 1\n1: x\n", '2:1 ["1"] error', /unknown key "1"/],
  ["a key that is true", "version: 1\ntrue: x\n", "2:1 true error", /unknown key "true"/],
  ["T18: constructor", "version: 1\nconstructor: x\n", "2:1 constructor error", /not allowed/],
  [
    "T18: toString is a key like any other",
    rule("{ toString: {} }"),
    "4:16 rules[0].require.toString error",
    /unknown key/,
  ],
  ["an alias of nothing", rule("*x"), "4:14 rules[0].require error", /&x does not stand above/],
  [
    "T31: a key with a zero-width space",
    "version: 1\nrules\u200b: []\n",
    '2:1 ["rules\u200b"] error',
    /unknown key "rulesU\+200B"; did you mean "rules"/,
  ],
  ["a key twice", "version: 1\nversion: 1\nrules: []\n", "2:1 version error", /duplicate key/],
  ["a tab", "version: 1\nrules:\n\t- name: a\n", "3:1  error", /tab/],
  [
    "wrong indentation",
    "version: 1\nrules:\n  - name: a\n   require: { reviews: {} }\n",
    "4:1  error",
    /not valid YAML/,
  ],
  [
    "a merge key",
    "version: 1\nrules:\n  - name: a\n    <<: { require: { reviews: {} } }\n",
    "4:5 rules[0] error",
    /merge keys/,
  ],
  [
    "a tag",
    "version: 1\nrules:\n  - name: a\n    require: !!js/function x\n",
    "4:14  error",
    /tags/,
  ],
  ["two documents", "version: 1\n---\nversion: 1\n", "2:1  error", /several documents/],
  ["a directive", "%YAML 1.1\n---\nversion: 1\n", "1:1  error", /directives/],
  ["T18: __proto__", "version: 1\n__proto__: { a: 1 }\n", "2:1 __proto__ error", /not allowed/],
  [
    "T18: an alias of what contains it",
    "version: 1\nrules: &r\n  - *r\n",
    "3:5 rules[0] error",
    /contains it/,
  ],
  [
    "JSON",
    '{"version": 1, "rules": [{"name": "a", "require": {"reviews": {"aprovals": 1}}}]}',
    "1:64 rules[0].require.reviews.aprovals error",
    /did you mean "approvals"/,
  ],
];

const warnings: readonly Row[] = [
  [
    "row n: more approvals than people",
    rule("{ reviews: { approvals: 3, users: [ada, bob] } }"),
    "4:38 rules[0].require.reviews.approvals warning",
    /rule "a"/,
  ],
  [
    "a cron that says something else",
    times(
      "freezes: [{ name: f, timezone: UTC, during: { cron: '0 * 15 JAN *', duration: 24h } }]\n",
    ),
    "2:53 freezes[0].during.cron warning",
    /47 h/,
  ],
  [
    "a cron of every minute",
    times("freezes: [{ name: f, timezone: UTC, during: { cron: '* 10 * * *', duration: 1m } }]\n"),
    "2:53 freezes[0].during.cron warning",
    /every minute/,
  ],
  ["no rules", "version: 1\nrules: []\n", "1:1  warning", /no rules/],
  ["only the version", "version: 1\n", "1:1  warning", /no rules/],
  [
    "one person in two cases",
    rule("{ reviews: { approvals: 2, users: [ada, Ada] } }"),
    "4:38 rules[0].require.reviews.approvals warning",
    /2 approvals, but only 1 person is named/,
  ],
  [
    "more of each than people",
    rule("{ reviews: { each: [{ approvals: 3, users: [ada, bob] }] } }"),
    "4:47 rules[0].require.reviews.each[0].approvals warning",
    /nobody can ever/,
  ],
  [
    "more release approvals than people",
    rule("{ approvals: { count: 2, users: [ada] } }"),
    "4:36 rules[0].require.approvals.count warning",
    /nobody can ever/,
  ],
  [
    "a confirmation that nobody is left for",
    times("overrides: [{ name: e, rules: [a], by: { users: [x] }, confirmations: 1 }]\n"),
    "2:71 overrides[0].confirmations warning",
    /1 confirmation beside the one who asks, but only 1 person is named/,
  ],
  [
    "an environment of a pull request",
    "version: 1\nrules:\n  - name: a\n    when: { environments: [production] }\n    require: { reviews: {} }\n",
    "4:27 rules[0].when.environments warning",
    /never applies/,
  ],
  [
    "a branch at a deployment",
    "version: 1\nrules:\n  - name: a\n    when: { branches: [main] }\n    require: { not_frozen: true }\n",
    "4:23 rules[0].when.branches warning",
    /says nothing about deployments/,
  ],
  [
    "on_fail of a rule of pull requests",
    "version: 1\nrules:\n  - name: a\n    on_fail: hold\n    require: { reviews: {} }\n",
    "4:14 rules[0].on_fail warning",
    /for deployments/,
  ],
  [
    "a path from the root",
    "version: 1\nrules:\n  - name: a\n    when: { paths: ['/src/**'] }\n    require: { reviews: {} }\n",
    "4:21 rules[0].when.paths[0] warning",
    /write src\/\*\*$/,
  ],
  [
    "a path from here",
    "version: 1\nrules:\n  - name: a\n    when: { not: { only_paths: ./docs/** } }\n    require: { reviews: {} }\n",
    "4:32 rules[0].when.not.only_paths warning",
    /write docs\/\*\*$/,
  ],
  [
    "a folder",
    rule("{ size: { max_lines: 5, ignore: [vendor/] } }"),
    "4:47 rules[0].require.size.ignore[0] warning",
    /write vendor\/\*\*$/,
  ],
  [
    "a folder in a part of any",
    rule("{ any: [{ separate: { paths: [/db/**], from: [src/**] } }] }"),
    "4:44 rules[0].require.any[0].separate.paths[0] warning",
    /write db\/\*\*$/,
  ],
  [
    "a path of a freeze",
    times(
      "freezes: [{ name: f, timezone: UTC, paths: [/a], during: { from: 2026-12-24T00:00, until: 2026-12-25T00:00 } }]\n",
    ),
    "2:45 freezes[0].paths[0] warning",
    /write a$/,
  ],
  [
    "a negation that is none",
    "version: 1\nrules:\n  - name: a\n    when: { any: [{ labels: ['!wip'] }] }\n    require: { reviews: {} }\n",
    "4:30 rules[0].when.any[0].labels[0] warning",
    /no negation/,
  ],
];

const placeOf = ({
  line,
  column,
  path,
  severity,
}: {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly severity: string;
}): string => `${line}:${column} ${path} ${severity}`;

describe("validate: errors with their place", () => {
  it.each(errors)("%s", async (_what, text, place, words) => {
    const { exit, valid, problems } = await validateText(text);
    expect({ exit, valid, first: problems[0] && placeOf(problems[0]) }).toEqual({
      exit: 1,
      valid: false,
      first: place,
    });
    expect(problems[0]?.message).toMatch(words);
    expect(Object.keys(problems[0] ?? {}).toSorted()).toEqual([
      "column",
      "line",
      "message",
      "path",
      "severity",
    ]);
  });
});

describe("validate: warnings leave it valid", () => {
  it.each(warnings)("%s", async (_what, text, place, words) => {
    const { exit, valid, problems } = await validateText(text);
    expect({ exit, valid, first: problems[0] && placeOf(problems[0]) }).toEqual({
      exit: 0,
      valid: true,
      first: place,
    });
    expect(problems[0]?.message).toMatch(words);
  });
});

describe("validate: what is fine", () => {
  it.each([
    [
      "anchors and aliases",
      "version: 1\nrules:\n  - { name: a, require: &r { reviews: {} } }\n  - { name: b, require: *r }\n",
    ],
    ["JSON", '{"version":1,"rules":[{"name":"a","require":{"reviews":{}}}]}'],
    ["a byte order mark", "\uFEFFversion: 1\nrules: [{ name: a, require: { reviews: {} } }]\n"],
    [
      "Windows line ends",
      "version: 1\r\nrules:\r\n  - name: a\r\n    require: { reviews: {} }\r\n",
    ],
    ["no version", "rules: [{ name: a, require: { reviews: {} } }]\n"],
    ["a document mark", "---\nversion: 1\nrules: [{ name: a, require: { reviews: {} } }]\n...\n"],
    ["a retired policy", "version: 1\nenforcement: disabled\n"],
    [
      "a file of the organisation, which cannot be looked into here",
      "version: 1\nextends: acme/policies:base.yml@v1\n",
    ],
    ["each preset", "version: 1\nextends: gatehouse:regulated\n"],
    [
      "a rule without require that the preset has",
      "version: 1\nextends: gatehouse:recommended\nrules:\n  - name: reviewed\n    enforcement: evaluate\n",
    ],
    [
      "an override of a preset's rule",
      "version: 1\nextends: gatehouse:recommended\noverrides: [{ name: e, rules: [reviewed], by: { users: [x] } }]\n",
    ],
    [
      "a file at a commit",
      "version: 1\nextends: acme/policies:a/base.yml@0123456789012345678901234567890123456789\n",
    ],
    ["a file of a branch with a slash", "version: 1\nextends: acme/policies:base.yml@feature/x\n"],
    [
      "one repository",
      "version: 1\nrepositories: widget\nrules: [{ name: a, require: { reviews: {} } }]\n",
    ],
    [
      "a name that begins with a digit",
      "version: 1\nrules: [{ name: 2fa, require: { reviews: {} } }]\n",
    ],
    ["a tab after a colon", "version:\t1\nrules: [{ name: a, require: { reviews: {} } }]\n"],
    [
      "a window of a name that objects have",
      "version: 1\nwindows: { hasOwnProperty: { timezone: UTC, open: [{ days: [mon], from: '09:00', to: '17:00' }] } }\nrules: [{ name: a, require: { window: hasOwnProperty } }]\n",
    ],
  ])("%s", async (_what, text) => {
    expect(await validateText(text)).toMatchObject({ exit: 0, valid: true, problems: [] });
  });

  it("a branch that ends in a slash is no path, and a warning", async () => {
    expect(
      await validateText(
        "version: 1\nrules:\n  - name: a\n    when: { branches: [release/] }\n    require: { reviews: {} }\n",
      ),
    ).toMatchObject({ exit: 0, valid: true, problems: [{ severity: "warning", line: 4 }] });
  });
});

describe("validate under an organisation's policy", () => {
  const hours =
    "windows: { hours: { timezone: UTC, open: [{ days: [mon], from: '09:00', to: '17:00' }] } }\n";
  const floor =
    "version: 1\nrules:\n  - { name: r, repositories_may: tighten, require: { reviews: { approvals: 2 } } }\n";
  it.each<[string, string, string, boolean, readonly string[]]>([
    ["a window of the organisation", rule("{ window: hours }"), `${floor}${hours}`, true, []],
    [
      "a window of neither",
      rule("{ window: houses }"),
      `${floor}${hours}`,
      false,
      ["4:24 rules[0].require.window error"],
    ],
    [
      "an override of the organisation's rule",
      "version: 1\noverrides: [{ name: e, rules: [r], by: { users: [x] } }]\nrules: [{ name: a, require: { reviews: {} } }]\n",
      floor.replace("tighten", "override"),
      true,
      [],
    ],
    [
      "an override of a rule that may not be changed",
      "version: 1\noverrides: [{ name: e, rules: [r], by: { users: [x] } }]\nrules: [{ name: a, require: { reviews: {} } }]\n",
      floor,
      true,
      ["2:13 overrides[0] warning"],
    ],
    [
      "a tighter rule",
      "version: 1\nrules:\n  - { name: r, require: { reviews: { approvals: 3 } } }\n",
      floor,
      true,
      [],
    ],
    [
      "a looser rule is told, and ignored",
      "version: 1\nrules:\n  - { name: r, require: { reviews: { approvals: 1 } } }\n",
      floor,
      true,
      ["3:49 rules[0].require.reviews.approvals warning"],
    ],
    [
      "its own warnings as well",
      "version: 1\nrules:\n  - { name: a, require: { reviews: { approvals: 3, users: [ada] } } }\n",
      floor,
      true,
      ["3:49 rules[0].require.reviews.approvals warning"],
    ],
  ])("%s", async (_what, text, organization, valid, places) => {
    const found = await validateText(text, organization);
    expect({ exit: found.exit, valid: found.valid, places: found.problems.map(placeOf) }).toEqual({
      exit: valid ? 0 : 1,
      valid,
      places,
    });
  });

  it("without it, what only the organisation has is unknown", async () => {
    expect((await validateText(rule("{ window: hours }"))).problems[0]?.message).toMatch(
      /no window is named "hours"/,
    );
  });

  it("a broken policy of the organisation is unusable input, named with its file", async () => {
    await expect(
      validateText(rule("{ reviews: {} }"), "rules: [{ name: r, require: { reviws: {} } }]\n"),
    ).rejects.toThrow(
      /organization\.yml:1:31: rules\[0\]\.require\.reviws: .*did you mean "reviews"/,
    );
  });
});
