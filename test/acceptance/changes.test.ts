import { fail, pass, pending, table, unknown } from "./table.ts";

const commits = (...messages: readonly string[]): string =>
  `pull_request: { author: ada, commits: [${messages.map((message, i) => `{ sha: c${i}, author: ada, message: ${JSON.stringify(message)} }`).join(", ")}] }\n`;
const files = (...paths: readonly string[]): string =>
  `pull_request: { files: [${paths.map((path) => `"${path}"`).join(", ")}] }\n`;

table("title, body and branch name", [
  [
    "a pattern may match anywhere",
    "{ title: { pattern: 'ABC' } }",
    "pull_request: { title: 'x ABC y' }",
    pass,
  ],
  ["case matters", "{ title: { pattern: 'abc' } }", "pull_request: { title: ABC }", fail],
  [
    "unless the pattern says otherwise",
    "{ title: { pattern: '(?i)abc' } }",
    "pull_request: { title: ABC }",
    pass,
  ],
  [
    "anchors are the text's, not a line's",
    "{ body: { pattern: '^Closes' } }",
    'pull_request: { body: "x\\nCloses #1" }',
    fail,
  ],
  [
    "lines, where the pattern says so",
    "{ body: { pattern: '(?m)^Closes' } }",
    'pull_request: { body: "x\\nCloses #1" }',
    pass,
  ],
  [
    "Windows line ends of a body",
    "{ body: { pattern: '(?m)^Closes #[0-9]+$' } }",
    'pull_request: { body: "x\\r\\nCloses #1\\r\\ny" }',
    pass,
  ],
  [
    "letters of all alphabets",
    "{ title: { pattern: '^\\p{L}+$' } }",
    "pull_request: { title: Größe }",
    pass,
  ],
  [
    "an emoji is one character",
    "{ title: { pattern: '^.$' } }",
    "pull_request: { title: 🚀 }",
    pass,
  ],
  [
    "a pattern that would run for ever elsewhere",
    "{ title: { pattern: '^(a+)+$' } }",
    `pull_request: { title: ${"a".repeat(200)}! }`,
    fail,
  ],
  [
    "branch_name of the head, not the base",
    "{ branch_name: { pattern: '^main$' } }",
    "pull_request: { head: feature, base: main }",
    fail,
  ],
  ["an empty title", "{ title: { pattern: '.' } }", "pull_request: { title: '' }", fail],
  [
    "branch name unreadable with the pull request",
    "{ branch_name: { pattern: x } }",
    "unreadable: [pull_request]",
    unknown,
  ],
]);

table("labels", [
  [
    "case does not matter, as at GitHub",
    "{ labels: { all: [Ready] } }",
    "pull_request: { labels: [READY] }",
    pass,
  ],
  [
    "none, two of them",
    "{ labels: { none: [wip, hold] } }",
    "pull_request: { labels: [hold] }",
    fail,
  ],
  ["any, no label at all", "{ labels: { any: [a, b] } }", "pull_request: { labels: [] }", fail],
  [
    "all met, none broken",
    "{ labels: { all: [a], none: [b] } }",
    "pull_request: { labels: [a, b] }",
    fail,
  ],
  [
    "any met, all missing",
    "{ labels: { all: [a], any: [b] } }",
    "pull_request: { labels: [b] }",
    fail,
  ],
  [
    "a label with blanks",
    "{ labels: { all: ['good to go'] } }",
    "pull_request: { labels: ['good to go'] }",
    pass,
  ],
  [
    "a label with a colon and an emoji",
    "{ labels: { all: ['kind: 🐛'] } }",
    "pull_request: { labels: ['kind: 🐛'] }",
    pass,
  ],
]);

table("size", [
  ["in files, exactly", "{ size: { max_files: 2 } }", files("a", "b"), pass],
  ["both, one too large", "{ size: { max_lines: 100, max_files: 1 } }", files("a", "b"), fail],
  [
    "ignored files are not counted either",
    "{ size: { max_files: 1, ignore: ['**/*.snap'] } }",
    files("a", "x/b.snap", "c.snap"),
    pass,
  ],
  [
    "a folder ignored",
    "{ size: { max_lines: 1, ignore: ['vendor/**'] } }",
    "pull_request: { files: [{ path: vendor/a/b.js, additions: 500 }] }",
    pass,
  ],
  [
    "dotfiles can be ignored",
    "{ size: { max_lines: 1, ignore: ['**'] } }",
    "pull_request: { files: [{ path: .github/x.yml, additions: 500 }] }",
    pass,
  ],
  [
    "a rename out of an ignored folder counts",
    "{ size: { max_lines: 1, ignore: ['vendor/**'] } }",
    "pull_request: { files: [{ path: src/a, previous: vendor/a, status: renamed, additions: 5 }] }",
    fail,
  ],
  ["no file at all", "{ size: { max_lines: 0 } }", "{}", pass],
  [
    "deletions count",
    "{ size: { max_lines: 3 } }",
    "pull_request: { files: [{ path: a, deletions: 4 }] }",
    fail,
  ],
]);

table("up_to_date", [
  ["many behind", "{ up_to_date: true }", "pull_request: { behind: 100 }", fail],
  ["not behind", "{ up_to_date: true }", "pull_request: { behind: 0 }", pass],
  ["unreadable", "{ up_to_date: true }", "unreadable: [behind]", unknown],
]);

table("ticket", [
  [
    "a commit's message, by default",
    "{ ticket: { pattern: 'ABC-[0-9]+' } }",
    commits("ABC-1 x"),
    pass,
  ],
  [
    "each commit must carry it",
    "{ ticket: { pattern: 'ABC-[0-9]+', in: [commits] } }",
    commits("ABC-1 x", "ABC-2 y"),
    pass,
  ],
  [
    "one commit of two lacks it, and the title has it",
    "{ ticket: { pattern: 'ABC-[0-9]+', in: [title, commits] } }",
    `pull_request: { title: ABC-1, commits: [{ sha: a, message: x }] }`,
    pass,
  ],
  [
    "in: branch only",
    "{ ticket: { pattern: 'ABC-[0-9]+', in: [branch] } }",
    "pull_request: { title: ABC-1, head: x }",
    fail,
  ],
  [
    "in: body",
    "{ ticket: { pattern: 'ABC-[0-9]+', in: [body] } }",
    "pull_request: { body: see ABC-9 }",
    pass,
  ],
  [
    "in: two places, the second one",
    "{ ticket: { pattern: 'ABC-[0-9]+', in: [title, body] } }",
    "pull_request: { title: x, body: ABC-9 }",
    pass,
  ],
  [
    "a pattern or a linked issue: one reference is enough",
    "{ ticket: { pattern: 'ABC-[0-9]+', linked_issue: true } }",
    "pull_request: { title: ABC-1 }",
    pass,
  ],
  [
    "a pattern or a linked issue, the other one",
    "{ ticket: { pattern: 'ABC-[0-9]+', linked_issue: true } }",
    "pull_request: { title: x, linked_issues: [5] }",
    pass,
  ],
  [
    "a pattern or a linked issue, neither",
    "{ ticket: { pattern: 'ABC-[0-9]+', linked_issue: true } }",
    "pull_request: { title: x }",
    fail,
  ],
  [
    "closes, in any of GitHub's words",
    "{ ticket: { linked_issue: true } }",
    "pull_request: { body: 'Resolved: acme/other#7' }",
    pass,
  ],
  [
    "a closing word in another case",
    "{ ticket: { linked_issue: true } }",
    "pull_request: { body: 'FIXES #7' }",
    pass,
  ],
  [
    "a word that only ends so",
    "{ ticket: { linked_issue: true } }",
    "pull_request: { body: 'prefixes #7' }",
    fail,
  ],
  ["text unreadable", "{ ticket: { pattern: x, in: [title] } }", "unreadable: [title]", unknown],
]);

table("separate", [
  ["neither", "{ separate: { paths: ['db/**'], from: ['src/**'] } }", files("README.md"), pass],
  [
    "the other alone",
    "{ separate: { paths: ['db/**'], from: ['src/**'] } }",
    files("src/a.ts", "src/b.ts"),
    pass,
  ],
  [
    "a rename from one to the other is both",
    "{ separate: { paths: ['db/**'], from: ['src/**'] } }",
    "pull_request: { files: [{ path: db/a, previous: src/a, status: renamed }] }",
    fail,
  ],
  [
    "without from: from everything else",
    "{ separate: { paths: ['db/**'] } }",
    files("db/1.sql", "README.md"),
    fail,
  ],
  [
    "without from: alone",
    "{ separate: { paths: ['db/**'] } }",
    files("db/1.sql", "db/2.sql"),
    pass,
  ],
  [
    "a deletion counts",
    "{ separate: { paths: ['db/**'], from: ['src/**'] } }",
    "pull_request: { files: [{ path: db/a, status: removed }, src/x] }",
    fail,
  ],
]);

const workflow = (uses: string, path = ".github/workflows/ci.yml"): string =>
  `pull_request: { files: [{ path: ${path}, content: ${JSON.stringify(`on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ${uses}\n`)} }] }\n`;
const sha = "8f4b7f84864484a7bf31766abe9204da3cbe65b3";
table("pinned_actions", [
  ["a full commit", "{ pinned_actions: true }", workflow(`actions/checkout@${sha}`), pass],
  [
    "a full commit with its version beside it",
    "{ pinned_actions: true }",
    workflow(`actions/checkout@${sha} # v4.2.0`),
    pass,
  ],
  ["a tag", "{ pinned_actions: true }", workflow("actions/checkout@v4"), fail],
  ["a branch", "{ pinned_actions: true }", workflow("actions/checkout@main"), fail],
  ["a short commit", "{ pinned_actions: true }", workflow("actions/checkout@8f4b7f8"), fail],
  ["nothing at all", "{ pinned_actions: true }", workflow("actions/checkout"), fail],
  [
    "an action of a folder",
    "{ pinned_actions: true }",
    workflow(`github/codeql-action/init@${sha}`),
    pass,
  ],
  [
    "an action of this repository",
    "{ pinned_actions: true }",
    workflow("./.github/actions/setup"),
    pass,
  ],
  ["an image by its tag", "{ pinned_actions: true }", workflow("docker://alpine:3.20"), fail],
  [
    "an image by its digest",
    "{ pinned_actions: true }",
    workflow(`docker://alpine@sha256:${"a".repeat(64)}`),
    pass,
  ],
  [
    "a file that is no workflow",
    "{ pinned_actions: true }",
    workflow("actions/checkout@v4", "docs/ci.yml"),
    pass,
  ],
  [
    "a workflow that is removed",
    "{ pinned_actions: true }",
    "pull_request: { files: [{ path: .github/workflows/ci.yml, status: removed }] }",
    pass,
  ],
  [
    "a workflow whose content is not told",
    "{ pinned_actions: true }",
    files(".github/workflows/ci.yml"),
    unknown,
  ],
  [
    "a reusable workflow by its tag",
    "{ pinned_actions: true }",
    'pull_request: { files: [{ path: .github/workflows/ci.yml, content: "on: push\\njobs:\\n  a:\\n    uses: acme/ci/.github/workflows/x.yml@v1\\n" }] }',
    fail,
  ],
  [
    "a reusable workflow by its commit",
    "{ pinned_actions: true }",
    `pull_request: { files: [{ path: .github/workflows/ci.yaml, content: "on: push\\njobs:\\n  a:\\n    uses: acme/ci/.github/workflows/x.yml@${sha}\\n" }] }`,
    pass,
  ],
]);

table("commits", [
  [
    "signed off by a co-author alone is not by the author",
    "{ commits: { signed_off: true } }",
    commits("x\n\nCo-authored-by: Bob <bob@example.org>"),
    fail,
  ],
  [
    "each of two signed off",
    "{ commits: { signed_off: true } }",
    commits(
      "x\n\nSigned-off-by: Ada <ada@example.org>",
      "y\n\nSigned-off-by: Ada <ada@example.org>",
    ),
    pass,
  ],
  [
    "one of two signed off",
    "{ commits: { signed_off: true } }",
    commits("x\n\nSigned-off-by: Ada <ada@example.org>", "y"),
    fail,
  ],
  [
    "signed off in the middle of the text",
    "{ commits: { signed_off: true } }",
    commits("x\n\nno Signed-off-by: Ada <ada@example.org> here"),
    fail,
  ],
  ["signed, by none", "{ commits: { signed: true } }", commits("x"), fail],
  [
    "signed, each",
    "{ commits: { signed: true } }",
    "pull_request: { commits: [{ sha: a, verified: true }, { sha: b, verified: true }] }",
    pass,
  ],
  [
    "message of each",
    "{ commits: { message: '^(feat|fix)(\\(.+\\))?: ' } }",
    commits("feat: a", "fix(core): b"),
    pass,
  ],
  [
    "message: the body may match as well",
    "{ commits: { message: 'Change-Id: I[0-9a-f]+' } }",
    commits("x\n\nChange-Id: Iabc"),
    pass,
  ],
  [
    "linear: two parents",
    "{ commits: { linear: true } }",
    "pull_request: { commits: [{ sha: a, parents: 2 }] }",
    fail,
  ],
  [
    "linear: one parent, whatever the message",
    "{ commits: { linear: true } }",
    "pull_request: { commits: [{ sha: a, parents: 1, message: Merge branch x }] }",
    pass,
  ],
  [
    "all four, met",
    "{ commits: { signed: true, signed_off: true, message: x, linear: true } }",
    'pull_request: { author: ada, commits: [{ sha: a, author: ada, verified: true, message: "x\\n\\nSigned-off-by: Ada <ada@example.org>" }] }',
    pass,
  ],
  [
    "all four, one missed",
    "{ commits: { signed: true, signed_off: true, message: x, linear: true } }",
    'pull_request: { author: ada, commits: [{ sha: a, author: ada, verified: false, message: "x\\n\\nSigned-off-by: Ada <ada@example.org>" }] }',
    fail,
  ],
  [
    "signed: false beside another says nothing",
    "{ commits: { signed: false, linear: true } }",
    "pull_request: { commits: [{ sha: a, verified: false }] }",
    pass,
  ],
]);

table("all and any, in each other", [
  [
    "all of pass and pending",
    "{ all: [{ title: { pattern: x } }, { reviews: {} }] }",
    "pull_request: { title: x }",
    pending,
  ],
  [
    "all of pending and unknown",
    "{ all: [{ reviews: {} }, { checks: { names: [a] } }] }",
    "unreadable: [checks]",
    unknown,
  ],
  [
    "any of pending and unknown: people can still turn it",
    "{ any: [{ reviews: {} }, { checks: { names: [a] } }] }",
    "unreadable: [checks]",
    pending,
  ],
  [
    "any of fail, pending and pass",
    "{ any: [{ title: { pattern: ^never$ } }, { reviews: {} }, { labels: { none: [wip] } }] }",
    "pull_request: { title: x }",
    pass,
  ],
  [
    "all of any and any",
    "{ all: [{ any: [{ title: { pattern: ^never$ } }, { reviews: {} }] }, { any: [{ labels: { none: [wip] } }, { checks: { names: [a] } }] }] }",
    "{}",
    pending,
  ],
  [
    "any of all and all",
    "{ any: [{ all: [{ reviews: {} }, { labels: { all: [a] } }] }, { all: [{ title: { pattern: x } }, { labels: { none: [wip] } }] }] }",
    "pull_request: { title: x }",
    pass,
  ],
  [
    "any of two unknown and a fail",
    "{ any: [{ labels: { all: [a] } }, { reviews: {} }, { checks: { names: [a] } }] }",
    "unreadable: [checks, reviews]",
    unknown,
  ],
  ["one part is as good as the part", "{ all: [{ any: [{ reviews: {} }] }] }", "{}", pending],
]);
