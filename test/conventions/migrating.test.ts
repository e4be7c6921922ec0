import { describe, expect, it } from "vitest";
import { policiesOf } from "../../scripts/docs/markdown.ts";
import { presetsIn } from "../../scripts/docs/presets.ts";
import { evaluateSimulated } from "#core/simulate/evaluate.ts";
import { problemText } from "#core/yaml/problem.ts";
import { read, root } from "./repository.ts";

/** What is given, in plain words, and what the original would have decided. */
type Row = readonly [given: string, expected: "allow" | "wait" | "deny"];

const people =
  "people: { ada: { role: write }, dev: { role: write, teams: [devtools] }, cat: { role: write, teams: [catskills] }, lea: { role: write, teams: [leads] }, rel: { role: write, teams: [release] }, bac: { role: write, teams: [backend] }, fro: { role: write, teams: [frontend] }, sec: { role: write, teams: [security] }, des: { role: write, teams: [design] }, gen: { role: write, teams: [generators] }, pla: { role: write, teams: [platform] }, pla2: { role: write, teams: [platform] }, brk: { role: write, teams: [breaking-change-reviewers] }, brk2: { role: write, teams: [breaking-change-reviewers] }, con: { role: write, teams: [contractors] }, boss: { role: admin }, reader: { role: read }, mona: { role: write }, approver-a: { role: write }, 'dependabot[bot]': { bot: true }, 'temp-bulk-bot[bot]': { bot: true } }";
const approved = (...by: readonly string[]): string =>
  `reviews: [${by.map((login) => `{ by: ${login}, state: approved }`).join(", ")}]`;
const pull = (more: string): string =>
  `pull_request: { author: ada${more === "" ? "" : `, ${more}`} }`;
const files = (...paths: readonly string[]): string =>
  `files: [${paths.map((path) => `'${path}'`).join(", ")}]`;
const many = (count: number): string =>
  files(...Array.from({ length: count }, (_, index) => `src/${index}.ts`));

const tables: Readonly<Record<string, Readonly<Record<string, readonly Row[]>>>> = {
  "docs/migrating-from-policy-bot.md": {
    "One team, except for staging": [
      [`${pull(files("src/a.ts"))}\n${approved("dev")}`, "allow"],
      [`${pull(files("src/a.ts"))}\n${approved("mona")}`, "wait"],
      [pull(files("staging/a.yml", "staging/b/c.yml")), "allow"],
      [pull(files("staging/a.yml", "src/a.ts")), "wait"],
      [
        `${pull(files("staging/a.yml"))}\nreviews: [{ by: reader, state: changes_requested }]`,
        "deny",
      ],
      [
        `${pull(files("src/a.ts"))}\nreviews: [{ by: dev, state: approved }, { by: mona, state: changes_requested }]`,
        "deny",
      ],
      [
        `${pull(`commits: [1111111, 2222222], ${files("src/a.ts")}`)}\nreviews: [{ by: dev, state: approved, commit: 1111111 }]`,
        "allow",
      ],
    ],
    "Approve everything": [
      [pull(""), "allow"],
      ["reviews: [{ by: mona, state: changes_requested }]", "allow"],
    ],
    "A team's approval": [
      [approved("dev"), "allow"],
      [approved("cat", "boss"), "wait"],
      ["reviews: [{ by: dev, state: approved }, { by: mona, state: changes_requested }]", "allow"],
      ["pull_request: { author: dev }\nreviews: [{ by: dev, state: approved }]", "wait"],
    ],
    "A team's approval, and the organisation may object": [
      [approved("dev"), "allow"],
      ["reviews: [{ by: dev, state: approved }, { by: reader, state: changes_requested }]", "deny"],
      [
        "reviews: [{ by: reader, state: changes_requested }, { by: reader, state: approved }, { by: dev, state: approved }]",
        "allow",
      ],
    ],
    "Two teams, one of them for a part": [
      [`${pull(files("src/a.ts"))}\n${approved("cat")}`, "allow"],
      [`${pull(files("src/a.ts"))}\n${approved("dev")}`, "wait"],
      [`${pull(files("staging.example.com/a"))}\n${approved("dev")}`, "allow"],
      [`${pull(files("staging.example.com/a"))}\n${approved("cat")}`, "allow"],
      [`${pull(files("staging.example.com/a", "src/a.ts"))}\n${approved("dev")}`, "wait"],
    ],
    "An owner's approval": [
      [`${pull(files("src/a.ts"))}\ncodeowners: '* @mona'\n${approved("mona")}`, "allow"],
      [`${pull(files("src/a.ts"))}\ncodeowners: '* @mona'\n${approved("dev")}`, "wait"],
    ],
    "Small changes need nobody": [
      [pull(many(19)), "allow"],
      [pull(many(20)), "wait"],
      [pull(`${many(20)}, labels: [exception]`), "wait"],
      [`${pull(many(20))}\n${approved("boss")}`, "allow"],
      [`${pull(many(20))}\n${approved("mona")}`, "wait"],
    ],
    "Documentation needs one, breaking changes need two": [
      [`${pull(files("docs/a.md"))}\n${approved("boss")}`, "allow"],
      [pull(files("docs/a.md")), "wait"],
      [
        `${pull(`title: 'api: breaking change', ${files("src/a.ts")}`)}\n${approved("brk")}`,
        "wait",
      ],
      [
        `${pull(`title: 'api: Breaking Change', ${files("src/a.ts")}`)}\n${approved("brk", "brk2")}`,
        "allow",
      ],
      [pull(files("src/a.ts")), "allow"],
    ],
    "`and` inside `or`": [
      [approved("lea"), "allow"],
      [approved("rel"), "allow"],
      [approved("bac"), "wait"],
      [approved("bac", "fro"), "allow"],
      [approved("mona", "dev"), "wait"],
    ],
    Conditions: [
      [
        "repository: acme/policy-a\npull_request: { author: con, base: main, head: feature/x, title: 'BREAKING CHANGE: x', files: [{ path: config/a, additions: 201 }] }",
        "wait",
      ],
      [
        `repository: acme/policy-a\npull_request: { author: con, base: main, head: feature/x, title: 'BREAKING CHANGE: x', files: [{ path: config/a, additions: 201 }] }\n${approved("pla", "pla2")}`,
        "allow",
      ],
      [
        "repository: acme/policy-a\npull_request: { author: con, base: main, head: feature/x, title: 'BREAKING CHANGE: x', files: [{ path: config/a, additions: 200 }] }",
        "allow",
      ],
      [
        "repository: acme/other\npull_request: { author: con, base: main, head: feature/x, title: 'BREAKING CHANGE: x', files: [{ path: config/a, additions: 201 }] }",
        "allow",
      ],
      [
        "repository: acme/policy-a\npull_request: { author: ada, base: main, head: feature/x, title: 'BREAKING CHANGE: x', files: [{ path: config/a, additions: 201 }] }",
        "allow",
      ],
    ],
    "Status checks and signatures": [
      [approved("mona"), "allow"],
      [
        "pull_request: { commits: [{ sha: 1111111, verified: true }] }\nchecks: [{ name: verified-build, app: github-actions, conclusion: success }]",
        "allow",
      ],
      [
        "pull_request: { commits: [{ sha: 1111111, verified: false }] }\nchecks: [{ name: verified-build, app: github-actions, conclusion: success }]",
        "wait",
      ],
      [
        "pull_request: { commits: [{ sha: 1111111, verified: true }] }\nchecks: [{ name: verified-build, app: other, conclusion: success }]",
        "wait",
      ],
    ],
    "Titles that are disapproved": [
      [pull("title: 'fix: the door'"), "allow"],
      [pull("title: 'BREAKING CHANGE: the door'"), "allow"],
      [pull("title: 'BLOCKED fix: the door'"), "deny"],
      [pull("title: 'the door'"), "deny"],
    ],
    "Authors and contributors": [
      [
        "pull_request: { author: ada, commits: [{ sha: 1111111, author: mona }] }\nreviews: [{ by: mona, state: approved }]",
        "allow",
      ],
      [
        "pull_request: { author: ada, commits: [{ sha: 1111111, author: ada }] }\nreviews: [{ by: ada, state: approved }]",
        "wait",
      ],
      [
        "pull_request: { author: ada, commits: [1111111, 2222222] }\nreviews: [{ by: mona, state: approved, commit: 1111111 }]",
        "wait",
      ],
    ],
  },
  "docs/migrating-from-mergeable.md": {
    "Work in progress": [
      [pull("title: 'a door'"), "allow"],
      [pull("title: '[WIP] a door'"), "deny"],
      [pull("title: 'a door', labels: [wip]"), "deny"],
      [pull("title: 'a door', labels: [Work in progress]"), "deny"],
    ],
    "No empty description": [
      [pull("body: 'why'"), "allow"],
      [pull('body: " \\n "'), "deny"],
    ],
    "Dependent files": [
      [pull(files("src/a.ts")), "allow"],
      [pull(files("package.json")), "deny"],
      [pull(files("package.json", "package-lock.json")), "deny"],
      [pull(files("package.json", "package-lock.json", "yarn.lock")), "allow"],
      [pull(`${files("package.json")}, labels: [lock-file-unchanged]`), "allow"],
    ],
    "Small pull requests": [
      [pull("files: [{ path: a, additions: 300, deletions: 200 }]"), "allow"],
      [pull("files: [{ path: a, additions: 300, deletions: 201 }]"), "deny"],
      [
        pull(
          "files: [{ path: a, additions: 10 }, { path: ignore_me.js, additions: 5000 }, { path: b/ignore_this_prefix_x.js, additions: 5000 }]",
        ),
        "allow",
      ],
    ],
    "Certain people approve, and a title for certain files": [
      [`${pull(files("src/a"))}\n${approved("approver-a")}`, "allow"],
      [`${pull(files("src/a"))}\n${approved("mona")}`, "wait"],
      [`${pull(`title: door, ${files("api/a")}`)}\n${approved("approver-a")}`, "deny"],
      [`${pull(`title: API door, ${files("api/a")}`)}\n${approved("approver-a")}`, "allow"],
    ],
    "Only when it is no draft": [
      [pull("draft: true, body: ''"), "allow"],
      [pull("draft: false, body: ''"), "deny"],
      [pull("draft: false, body: why"), "allow"],
    ],
    "A work item in every commit": [
      [pull("commits: [{ sha: 1111111, message: 'AB#1 door' }]"), "allow"],
      [
        pull(
          "commits: [{ sha: 1111111, message: 'AB#1 door' }, { sha: 2222222, message: 'door' }]",
        ),
        "deny",
      ],
    ],
    "No merges over the weekend": [
      ["now: 2026-03-06T21:59:00Z", "allow"],
      ["now: 2026-03-06T22:00:00Z", "wait"],
      ["now: 2026-03-07T12:00:00Z", "wait"],
      ["now: 2026-03-08T12:00:00Z", "wait"],
      ["now: 2026-03-09T12:59:00Z", "wait"],
      ["now: 2026-03-09T13:00:00Z", "allow"],
    ],
    Approvals: [
      [`codeowners: '* @mona'\n${pull(files("a"))}\n${approved("mona", "bac")}`, "allow"],
      [`codeowners: '* @mona'\n${pull(files("a"))}\n${approved("bac")}`, "wait"],
      [`codeowners: '* @mona'\n${pull(files("a"))}\n${approved("mona", "dev")}`, "wait"],
      [
        `codeowners: '* @mona'\n${pull(files("a"))}\nreviews: [{ by: mona, state: approved }, { by: bac, state: changes_requested }]`,
        "deny",
      ],
    ],
    "Branches, authors and files": [
      [pull("base: main, head: feature/a"), "allow"],
      [pull("base: main, head: quick"), "deny"],
      [pull("base: dev, head: quick"), "allow"],
      ["pull_request: { author: 'dependabot[bot]', base: main, head: dependabot/npm/a }", "allow"],
      [pull(`base: dev, ${files("generated/a")}`), "wait"],
      [`${pull(`base: dev, ${files("generated/a")}`)}\n${approved("gen")}`, "allow"],
    ],
    Labels: [
      [pull("labels: [bug]"), "allow"],
      [pull("labels: []"), "deny"],
      [pull("labels: [bug, 'do not merge']"), "deny"],
    ],
    Titles: [
      [pull("title: 'AUTH: a longer door'"), "allow"],
      [pull("title: 'AUTH: door'"), "deny"],
      [pull("title: 'OTHER: a longer door'"), "deny"],
    ],
  },
  "docs/migrating-from-mergify.md": {
    "Review and continuous integration": [
      [`${approved("mona")}\nchecks: [{ name: ci, conclusion: success }]`, "allow"],
      ["checks: [{ name: ci, conclusion: success }]", "wait"],
      [`${approved("mona")}\nchecks: [{ name: ci, conclusion: failure }]`, "deny"],
      [pull("base: dev"), "allow"],
    ],
    "Conventional commits": [
      [pull("title: 'feat(door): open'"), "allow"],
      [pull("title: 'open the door'"), "deny"],
      [pull("base: dev, title: 'open the door'"), "allow"],
    ],
    "A design review for the user interface": [
      [pull(files("src/a.ts")), "allow"],
      [pull(files("ui/a.ts")), "wait"],
      [`${pull(files("a/b.css"))}\n${approved("des")}`, "allow"],
    ],
    "A title of some length": [
      [pull("title: '1234567890123456'"), "allow"],
      [pull("title: '123456789012345'"), "deny"],
    ],
    "An issue for features": [
      [pull("title: 'door, #12', labels: [feature]"), "allow"],
      [pull("title: door, labels: [feature]"), "deny"],
      [pull("title: door, labels: [feature], linked_issues: [12]"), "allow"],
      [pull("title: door"), "allow"],
    ],
    "No work in progress": [
      [pull("title: 'WIP: door'"), "deny"],
      [pull("title: 'WIP: door', labels: [allow-wip]"), "allow"],
      [pull("title: door"), "allow"],
    ],
    "A changelog entry": [
      [pull(files("package/a.ts")), "deny"],
      [pull(files("package/a.ts", "CHANGELOG.md")), "allow"],
      [pull(`${files("package/a.ts")}, labels: [no-changelog]`), "allow"],
      [pull(files("docs/a.md")), "allow"],
    ],
    "Sensitive paths": [
      [pull(files("auth/a.ts")), "wait"],
      [`${pull(files("auth/a.ts"))}\n${approved("mona")}`, "wait"],
      [`${pull(files("auth/a.ts"))}\n${approved("sec")}`, "allow"],
      [pull(`${files("auth/a.ts")}, labels: [security-reviewed]`), "wait"],
      [pull(files("src/a.ts")), "allow"],
    ],
    "A list of authors": [
      ["pull_request: { author: 'temp-bulk-bot[bot]', labels: [automation-approved] }", "wait"],
      [`pull_request: { author: 'temp-bulk-bot[bot]' }\n${approved("mona")}`, "allow"],
      [pull(""), "allow"],
    ],
    "Updates of dependencies without a review": [
      [
        "pull_request: { author: 'dependabot[bot]', files: [package.json] }\nchecks: [{ name: unit, app: github-actions, conclusion: success }]",
        "allow",
      ],
      [
        "pull_request: { author: 'dependabot[bot]', files: [package.json, src/a.ts] }\nchecks: [{ name: unit, app: github-actions, conclusion: success }]",
        "wait",
      ],
      [
        "pull_request: { author: 'dependabot[bot]' }\nchecks: [{ name: unit, app: github-actions, conclusion: failure }]",
        "deny",
      ],
      [`${pull("")}\nchecks: [{ name: unit, app: github-actions, conclusion: success }]`, "wait"],
      [
        `${pull("")}\n${approved("mona")}\nchecks: [{ name: unit, app: github-actions, conclusion: success }]`,
        "allow",
      ],
    ],
    "One of several ways": [
      [`${pull("files: [{ path: a, additions: 100 }]")}\n${approved("mona", "dev")}`, "allow"],
      [`${pull("files: [{ path: a, additions: 100 }]")}\n${approved("lea")}`, "wait"],
      [`${pull("files: [{ path: a, additions: 20 }]")}\n${approved("lea")}`, "allow"],
      [`${pull("files: [{ path: a, additions: 20 }]")}\n${approved("mona")}`, "wait"],
    ],
    "Working hours": [
      ["now: 2026-03-02T07:59:00Z", "wait"],
      ["now: 2026-03-02T08:00:00Z", "allow"],
      ["now: 2026-03-02T16:30:00Z", "wait"],
      ["now: 2026-03-07T10:00:00Z", "wait"],
    ],
    "A freeze with exceptions": [
      ["now: 2026-11-26T04:59:00Z", "allow"],
      ["now: 2026-11-26T05:00:00Z", "wait"],
      ["now: 2026-11-27T12:00:00Z\npull_request: { base: dev }", "allow"],
      [
        "now: 2026-11-27T12:00:00Z\npull_request: { labels: [{ name: hotfix, by: release-manager }] }",
        "allow",
      ],
      ["now: 2026-11-27T12:00:00Z\npull_request: { labels: [{ name: hotfix, by: mona }] }", "wait"],
      ["now: 2026-12-01T05:00:00Z", "allow"],
    ],
  },
};

/** The policy of each section, by its heading. */
function sectionsOf(page: string): ReadonlyMap<string, string> {
  const lines = read(page).split("\n");
  return new Map(
    policiesOf(read(page)).map(({ line, text }) => [
      lines
        .slice(0, line)
        .findLast((each) => each.startsWith("### "))
        ?.slice(4) ?? "",
      text,
    ]),
  );
}

describe.each(Object.entries(tables))("%s", (page, table) => {
  const sections = sectionsOf(page);
  const presets = presetsIn(root);

  it("has a table for each of its policies", () => {
    expect(Object.keys(table).toSorted()).toEqual([...sections.keys()].toSorted());
  });

  it.each(
    Object.entries(table).flatMap(([heading, rows]) =>
      rows.map(([given, expected]) => [heading, given, expected] as const),
    ),
  )("%s: given %s, %s", (heading, given, expected) => {
    const result = evaluateSimulated({
      policy: sections.get(heading) ?? "",
      facts: `${given}\n${people}`,
      clock: Date.UTC(2026, 2, 2, 10),
      presets,
    });
    if (!result.ok) throw new Error(result.problems.map(problemText).join("\n"));
    expect(`${result.answer.decision}: ${result.answer.title}`).toMatch(
      new RegExp(`^${expected}: `),
    );
  });
});
