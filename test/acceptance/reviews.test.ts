import { describe, expect, it } from "vitest";
import { ask } from "./ask.ts";
import { fail, pass, pending, ruleOf, table, unknown } from "./table.ts";

const team =
  "people: { bob: { role: write, teams: [backend] }, eve: { role: write, teams: [web] }, both: { role: write, teams: [backend, web] }, dan: { role: read, teams: [backend] }, max: { role: maintain }, tri: { role: triage }, adm: { role: admin }, ada: { role: write, teams: [backend] } }\n";
const approved = (...who: readonly string[]): string =>
  `reviews: [${who.map((by) => `{ by: ${by}, state: approved }`).join(", ")}]\n`;
const change = (commits: string): string =>
  `pull_request: { author: ada, commits: [${commits}] }\n`;

table("whose review counts", [
  [
    "a co-author named in a commit's message",
    "{ reviews: {} }",
    `${change('{ sha: a, author: ada, message: "x\\n\\nCo-authored-by: Bob <bob@users.noreply.github.com>" }')}${approved("bob")}`,
    pending,
  ],
  [
    "a co-author of GitHub's numbered address",
    "{ reviews: {} }",
    `${change('{ sha: a, author: ada, message: "x\\n\\nCo-authored-by: Bob <123+bob@users.noreply.github.com>" }')}${approved("bob")}`,
    pending,
  ],
  [
    "a co-author told beside the message",
    "{ reviews: {} }",
    `${change("{ sha: a, author: ada, co_authors: [bob] }")}${approved("bob")}`,
    pending,
  ],
  [
    "a co-author where contributors may",
    "{ reviews: { allow_contributors: true } }",
    `${change("{ sha: a, author: ada, co_authors: [bob] }")}${approved("bob")}`,
    pass,
  ],
  [
    "row e: the author of any commit, however old",
    "{ reviews: {} }",
    `${change("{ sha: a, author: bob }, { sha: b, author: ada }, { sha: c, author: ada }")}${approved("bob")}`,
    pending,
  ],
  [
    "row e: a commit merged in",
    "{ reviews: {} }",
    `${change("{ sha: a, author: ada }, { sha: b, author: bob }, { sha: c, author: ada, parents: 2 }")}${approved("bob")}`,
    pending,
  ],
  [
    "GitHub itself as committer is nobody",
    "{ reviews: {} }",
    `${change("{ sha: a, author: ada, committer: web-flow }")}${approved("bob")}`,
    pass,
  ],
  [
    "a pusher",
    "{ reviews: {} }",
    `pull_request: { author: ada, pushers: [bob] }\n${approved("bob")}`,
    pending,
  ],
  [
    "row a: the opener and the contributors, with both",
    "{ reviews: { approvals: 5, allow_author: true, allow_contributors: true } }",
    `${change("{ sha: a, author: bob, committer: eve }")}${approved("ada", "bob", "eve", "out1", "out2")}`,
    pass,
  ],
  [
    "row a: with allow_author three count",
    "{ reviews: { approvals: 3, allow_author: true } }",
    `${change("{ sha: a, author: bob, committer: eve }")}${approved("ada", "bob", "eve", "out1", "out2")}`,
    pass,
  ],
  [
    "row a: with allow_author no four",
    "{ reviews: { approvals: 4, allow_author: true } }",
    `${change("{ sha: a, author: bob, committer: eve }")}${approved("ada", "bob", "eve", "out1", "out2")}`,
    pending,
  ],
  [
    "row a: with allow_contributors four count",
    "{ reviews: { approvals: 4, allow_contributors: true } }",
    `${change("{ sha: a, author: bob, committer: eve }")}${approved("ada", "bob", "eve", "out1", "out2")}`,
    pass,
  ],
  [
    "row a: with allow_contributors no five",
    "{ reviews: { approvals: 5, allow_contributors: true } }",
    `${change("{ sha: a, author: bob, committer: eve }")}${approved("ada", "bob", "eve", "out1", "out2")}`,
    pending,
  ],
  [
    "the opener who also committed, with allow_author",
    "{ reviews: { allow_author: true } }",
    `${change("{ sha: a, author: ada }")}${approved("ada")}`,
    pass,
  ],
  ["no approval asked for", "{ reviews: { approvals: 0 } }", "{}", pass],
  [
    "no approval asked for, changes requested",
    "{ reviews: { approvals: 0 } }",
    "reviews: [{ by: bob, state: changes_requested }]",
    fail,
  ],
  [
    "an approval by the author does not even count among two",
    "{ reviews: { approvals: 2 } }",
    `pull_request: { author: ada }\n${approved("ada", "bob")}`,
    pending,
  ],
  [
    "row h: a login in another case is the same author",
    "{ reviews: {} }",
    `pull_request: { author: ADA }\n${approved("ada")}`,
    pending,
  ],
  [
    "row h: and the same committer",
    "{ reviews: {} }",
    `${change("{ sha: a, author: BOB }")}${approved("bob")}`,
    pending,
  ],
  [
    "row h: and the same member",
    "{ reviews: { teams: [backend] } }",
    `${team}${approved("Bob")}`,
    pass,
  ],
  [
    "a team in another case",
    "{ reviews: { teams: [Backend] } }",
    `${team}${approved("bob")}`,
    pass,
  ],
  [
    "a member of the team that is asked counts whatever the role",
    "{ reviews: { teams: [backend] } }",
    `${team}${approved("dan")}`,
    pass,
  ],
  [
    "and so does somebody who is named",
    "{ reviews: { users: [dan] } }",
    `${team}${approved("dan")}`,
    pass,
  ],
  [
    "somebody named, with read access asked for",
    "{ reviews: { users: [dan], roles: [read] } }",
    `${team}${approved("dan")}`,
    pass,
  ],
  [
    "users or teams: one of either",
    "{ reviews: { users: [eve], teams: [backend] } }",
    `${team}${approved("eve")}`,
    pass,
  ],
  [
    "users or teams: the other",
    "{ reviews: { users: [eve], teams: [backend] } }",
    `${team}${approved("bob")}`,
    pass,
  ],
  [
    "users or teams: neither",
    "{ reviews: { users: [eve], teams: [backend] } }",
    `${team}${approved("max")}`,
    pending,
  ],
  [
    "one person in both teams counts once",
    "{ reviews: { approvals: 2, teams: [backend, web] } }",
    `${team}${approved("both")}`,
    pending,
  ],
  [
    "roles: [read] lets readers in",
    "{ reviews: { roles: [read] } }",
    `${team}${approved("dan")}`,
    pass,
  ],
  [
    "roles: [admin], a maintainer",
    "{ reviews: { roles: [admin] } }",
    `${team}${approved("max")}`,
    pending,
  ],
  [
    "roles: [admin], an admin",
    "{ reviews: { roles: [admin] } }",
    `${team}${approved("adm")}`,
    pass,
  ],
  [
    "roles: of two the lower one is the minimum",
    "{ reviews: { roles: [admin, triage] } }",
    `${team}${approved("tri")}`,
    pass,
  ],
  [
    "somebody who is not told about has write access",
    "{ reviews: {} }",
    `${team}${approved("zoe")}`,
    pass,
  ],
  [
    "somebody who is not told about is in no team",
    "{ reviews: { teams: [backend] } }",
    `${team}${approved("zoe")}`,
    pending,
  ],
  [
    "an account that is gone",
    "{ reviews: {} }",
    "reviews: [{ by: null, state: approved }]",
    pending,
  ],
  [
    "a bot that only another name is let in for",
    "{ reviews: { bots: [other] } }",
    "people: { robot: { role: write, bot: true } }\nreviews: [{ by: robot, state: approved }]",
    pending,
  ],
  [
    "a bot with its suffix, named with it",
    "{ reviews: { bots: ['helper[bot]'] } }",
    "reviews: [{ by: 'helper[bot]', state: approved }]",
    pass,
  ],
  [
    "a bot with its suffix, named without it",
    "{ reviews: { bots: [helper] } }",
    "reviews: [{ by: 'helper[bot]', state: approved }]",
    pass,
  ],
  [
    "a bot's request for changes",
    "{ reviews: {} }",
    "people: { robot: { role: write, bot: true } }\nreviews: [{ by: eve, state: approved }, { by: robot, state: changes_requested }]",
    pass,
  ],
  [
    "a bot that may approve may also request changes",
    "{ reviews: { bots: [robot] } }",
    "people: { robot: { role: write, bot: true } }\nreviews: [{ by: eve, state: approved }, { by: robot, state: changes_requested }]",
    fail,
  ],
]);

table("the latest decisive review", [
  [
    "a comment after an approval keeps it",
    "{ reviews: {} }",
    "reviews: [{ by: bob, state: approved }, { by: bob, state: commented }]",
    pass,
  ],
  [
    "a comment alone decides nothing",
    "{ reviews: {} }",
    "reviews: [{ by: bob, state: commented }]",
    pending,
  ],
  [
    "a pending review has not been handed in",
    "{ reviews: {} }",
    "reviews: [{ by: bob, state: pending }]",
    pending,
  ],
  [
    "a pending review after an approval keeps it",
    "{ reviews: {} }",
    "reviews: [{ by: bob, state: approved }, { by: bob, state: pending }]",
    pass,
  ],
  [
    "approved, dismissed, approved again",
    "{ reviews: {} }",
    "reviews: [{ by: bob, state: dismissed }, { by: bob, state: approved }]",
    pass,
  ],
  [
    "an older approval does not come back when the later request is dismissed",
    "{ reviews: {} }",
    "reviews: [{ by: bob, state: approved }, { by: bob, state: dismissed }]",
    pending,
  ],
  [
    "changes requested, then approved, then requested again",
    "{ reviews: {} }",
    "reviews: [{ by: bob, state: changes_requested }, { by: bob, state: approved }, { by: bob, state: changes_requested }]",
    fail,
  ],
  [
    "another's approval does not outweigh a request",
    "{ reviews: { approvals: 1 } }",
    "reviews: [{ by: bob, state: changes_requested }, { by: eve, state: approved }, { by: zoe, state: approved }]",
    fail,
  ],
  [
    "a request for changes of an older commit blocks all the same",
    "{ reviews: {} }",
    "pull_request: { author: ada, commits: [{ sha: a, author: ada }, { sha: b, author: ada }] }\nreviews: [{ by: bob, state: changes_requested, commit: a }, { by: eve, state: approved, commit: b }]",
    fail,
  ],
  [
    "whoever requested changes does not count, even where that does not block",
    "{ reviews: { block_on_changes_requested: false } }",
    "reviews: [{ by: bob, state: approved }, { by: bob, state: changes_requested }]",
    pending,
  ],
  [
    "a committer's request for changes blocks",
    "{ reviews: {} }",
    "pull_request: { author: ada, commits: [{ sha: a, author: bob }] }\nreviews: [{ by: bob, state: changes_requested }, { by: eve, state: approved }]",
    fail,
  ],
  [
    "a request from outside the teams that are asked blocks where the person may write",
    "{ reviews: { teams: [backend] } }",
    `${team}reviews: [{ by: bob, state: approved }, { by: eve, state: changes_requested }]`,
    fail,
  ],
  [
    "at the same time, the later one of the list",
    "{ reviews: {} }",
    "reviews: [{ by: bob, state: changes_requested, at: 2026-03-01T00:00:00Z }, { by: bob, state: approved, at: 2026-03-01T00:00:00Z }]",
    pass,
  ],
]);

const two =
  "pull_request: { author: ada, commits: [{ sha: aaaaaaa, author: ada }, { sha: bbbbbbb, author: ada }] }\n";
table("stale approvals", [
  [
    "row c: dismiss, of the head",
    "{ reviews: { stale: dismiss } }",
    `${two}reviews: [{ by: bob, state: approved, commit: bbbbbbb }]`,
    pass,
  ],
  [
    "row c: keep_if_same_diff, a pure rebase",
    "{ reviews: { stale: keep_if_same_diff } }",
    `${two}same_diff: [aaaaaaa]\nreviews: [{ by: bob, state: approved, commit: aaaaaaa }]`,
    pass,
  ],
  [
    "row c: the default keeps a pure rebase",
    "{ reviews: {} }",
    `${two}same_diff: [aaaaaaa]\nreviews: [{ by: bob, state: approved, commit: aaaaaaa }]`,
    pass,
  ],
  [
    "row c: dismiss voids even a pure rebase",
    "{ reviews: { stale: dismiss } }",
    `${two}same_diff: [aaaaaaa]\nreviews: [{ by: bob, state: approved, commit: aaaaaaa }]`,
    pending,
  ],
  [
    "row c: another commit's same diff",
    "{ reviews: {} }",
    `${two}same_diff: [ccccccc]\nreviews: [{ by: bob, state: approved, commit: aaaaaaa }]`,
    pending,
  ],
  [
    "an approval that names no commit is of the head",
    "{ reviews: { stale: dismiss } }",
    `${two}reviews: [{ by: bob, state: approved }]`,
    pass,
  ],
  [
    "an approval of a commit that is gone",
    "{ reviews: {} }",
    `${two}reviews: [{ by: bob, state: approved, commit: null }]`,
    pending,
  ],
  [
    "an approval of a commit that is gone, kept",
    "{ reviews: { stale: keep } }",
    `${two}reviews: [{ by: bob, state: approved, commit: null }]`,
    pass,
  ],
  [
    "an approval of a commit that was forced away",
    "{ reviews: {} }",
    `${two}reviews: [{ by: bob, state: approved, commit: ddddddd }]`,
    pending,
  ],
  [
    "an abbreviated commit",
    "{ reviews: { stale: dismiss } }",
    `${two}reviews: [{ by: bob, state: approved, commit: bbbbbbb }]`,
    pass,
  ],
  [
    "one fresh and one stale of two",
    "{ reviews: { approvals: 2 } }",
    `${two}reviews: [{ by: bob, state: approved, commit: aaaaaaa }, { by: eve, state: approved, commit: bbbbbbb }]`,
    pending,
  ],
  [
    "approved again after the push",
    "{ reviews: {} }",
    `${two}reviews: [{ by: bob, state: approved, commit: aaaaaaa }, { by: bob, state: approved, commit: bbbbbbb }]`,
    pass,
  ],
  [
    "only a comment after the push",
    "{ reviews: {} }",
    `${two}reviews: [{ by: bob, state: approved, commit: aaaaaaa }, { by: bob, state: commented, commit: bbbbbbb }]`,
    pending,
  ],
]);

table("N of several teams", [
  [
    "each: nobody yet",
    "{ reviews: { each: [{ teams: [backend] }, { teams: [web] }] } }",
    team,
    pending,
  ],
  [
    "each: one person of both teams, with one approval asked in all",
    "{ reviews: { each: [{ teams: [backend] }, { teams: [web] }] } }",
    `${team}${approved("both")}`,
    pass,
  ],
  [
    "each: two of one team, both given",
    "{ reviews: { each: [{ approvals: 2, teams: [backend] }] } }",
    `${team}${approved("bob", "both")}`,
    pass,
  ],
  [
    "each beside a number of its own",
    "{ reviews: { approvals: 3, each: [{ teams: [backend] }, { teams: [web] }] } }",
    `${team}${approved("bob", "eve")}`,
    pending,
  ],
  [
    "each beside a number of its own, met",
    "{ reviews: { approvals: 3, each: [{ teams: [backend] }, { teams: [web] }] } }",
    `${team}${approved("bob", "eve", "max")}`,
    pass,
  ],
  [
    "each: users",
    "{ reviews: { each: [{ users: [max] }, { teams: [web] }] } }",
    `${team}${approved("max", "eve")}`,
    pass,
  ],
  [
    "each: roles",
    "{ reviews: { each: [{ roles: [admin] }, { teams: [web] }] } }",
    `${team}${approved("max", "eve")}`,
    pending,
  ],
  [
    "each: the author is nobody",
    "{ reviews: { each: [{ teams: [backend] }] } }",
    `pull_request: { author: ada }\n${team}${approved("ada")}`,
    pending,
  ],
]);

const owned = "codeowners: |\n  * @eve\n  /src/ @acme/backend\n  /docs/\n  *.lock @bob @max\n";
const files = (...paths: readonly string[]): string =>
  `pull_request: { author: ada, files: [${paths.map((path) => `"${path}"`).join(", ")}] }\n`;
table("code owners", [
  [
    "a team of the file",
    "{ reviews: { code_owners: true } }",
    `${team}${owned}${files("src/a.ts")}${approved("bob")}`,
    pass,
  ],
  [
    "somebody else",
    "{ reviews: { code_owners: true } }",
    `${team}${owned}${files("src/a.ts")}${approved("eve")}`,
    pending,
  ],
  [
    "two areas, one owner",
    "{ reviews: { code_owners: true } }",
    `${team}${owned}${files("src/a.ts", "x")}${approved("bob")}`,
    pending,
  ],
  [
    "two areas, an owner of each",
    "{ reviews: { code_owners: true } }",
    `${team}${owned}${files("src/a.ts", "x")}${approved("bob", "eve")}`,
    pass,
  ],
  [
    "a path without owners needs none",
    "{ reviews: { code_owners: true } }",
    `${team}${owned}${files("docs/a.md")}${approved("max")}`,
    pass,
  ],
  [
    "one of several owners",
    "{ reviews: { code_owners: true } }",
    `${team}${owned}${files("a.lock")}${approved("max")}`,
    pass,
  ],
  [
    "an owner without write access",
    "{ reviews: { code_owners: true } }",
    `${team}${owned}${files("src/a.ts")}${approved("dan")}`,
    pending,
  ],
  [
    "the author owns it, and nobody else approved",
    "{ reviews: { approvals: 0, code_owners: true } }",
    `${team}codeowners: "* @ada"\n${files("x")}`,
    pending,
  ],
  [
    "a rename asks the owners of both names",
    "{ reviews: { code_owners: true } }",
    `${team}${owned}pull_request: { author: ada, files: [{ path: x, previous: src/x, status: renamed }] }\n${approved("eve")}`,
    pending,
  ],
  [
    "a rename, owners of both names",
    "{ reviews: { code_owners: true } }",
    `${team}${owned}pull_request: { author: ada, files: [{ path: x, previous: src/x, status: renamed }] }\n${approved("eve", "bob")}`,
    pass,
  ],
  [
    "the owner's approval is stale",
    "{ reviews: { code_owners: true } }",
    `${team}${owned}pull_request: { author: ada, files: [src/a.ts], commits: [{ sha: a, author: ada }, { sha: b, author: ada }] }\nreviews: [{ by: bob, state: approved, commit: a }, { by: eve, state: approved, commit: b }]`,
    pending,
  ],
  [
    "row c: another commit touched an owned file",
    "{ reviews: { code_owners: true } }",
    `${team}${owned}pull_request: { author: ada, files: [src/a.ts], commits: [{ sha: a, author: ada }, { sha: b, author: ada }] }\nreviews: [{ by: bob, state: approved, commit: a }]`,
    pending,
  ],
  [
    "a code owner who is not of the team asked for counts as an owner, not as a reviewer",
    "{ reviews: { code_owners: true, teams: [web] } }",
    `${team}${owned}${files("src/a.ts")}${approved("bob")}`,
    pending,
  ],
  [
    "an owner and a reviewer",
    "{ reviews: { code_owners: true, teams: [web] } }",
    `${team}${owned}${files("src/a.ts")}${approved("bob", "eve")}`,
    pass,
  ],
  [
    "no files changed",
    "{ reviews: { code_owners: true } }",
    `${team}${owned}${approved("bob")}`,
    pass,
  ],
  [
    "unreadable CODEOWNERS",
    "{ reviews: { code_owners: true } }",
    `${team}${files("src/a.ts")}${approved("bob")}unreadable: [codeowners]\n`,
    unknown,
  ],
  [
    "unreadable files",
    "{ reviews: { code_owners: true } }",
    `${team}${owned}${approved("bob")}unreadable: [files]\n`,
    unknown,
  ],
]);

table("threads", [
  [
    "all resolved",
    "{ reviews: { resolved_threads: true } }",
    "threads: { unresolved: 0, total: 3 }\nreviews: [{ by: eve, state: approved }]",
    pass,
  ],
  [
    "none at all",
    "{ reviews: { resolved_threads: true } }",
    "reviews: [{ by: eve, state: approved }]",
    pass,
  ],
  [
    "open ones do not matter by default",
    "{ reviews: {} }",
    "threads: { unresolved: 3 }\nreviews: [{ by: eve, state: approved }]",
    pass,
  ],
  [
    "unreadable",
    "{ reviews: { resolved_threads: true } }",
    "reviews: [{ by: eve, state: approved }]\nunreadable: [threads]",
    unknown,
  ],
  [
    "unreadable, and not asked for",
    "{ reviews: {} }",
    "reviews: [{ by: eve, state: approved }]\nunreadable: [threads]",
    pass,
  ],
]);

async function said(
  require: string,
  facts: string,
): Promise<{
  readonly title: string;
  readonly reason: string;
  readonly next: string;
  readonly summary: string;
}> {
  const { json, stderr } = await ask({ policy: ruleOf(require), facts });
  if (json === null) throw new Error(stderr);
  return {
    title: json.title,
    reason: json.rules[0]?.reason ?? "",
    next: json.rules[0]?.next ?? "",
    summary: json.summary,
  };
}

describe("what is said about reviews", () => {
  it.each<[string, string, string, RegExp]>([
    ["one approval", "{ reviews: {} }", "{}", /^Needs 1 approval$/],
    ["two approvals", "{ reviews: { approvals: 2 } }", "{}", /^Needs 2 approvals$/],
    [
      "one more",
      "{ reviews: { approvals: 2 } }",
      "reviews: [{ by: bob, state: approved }]",
      /^Needs 1 more approval$/,
    ],
    [
      "of a team",
      "{ reviews: { teams: [security] } }",
      "{}",
      /^Needs 1 approval from @acme\/security$/,
    ],
    ["of a person", "{ reviews: { users: [bob] } }", "{}", /^Needs 1 approval from @bob$/],
    [
      "changes requested",
      "{ reviews: {} }",
      "reviews: [{ by: bob, state: changes_requested }]",
      /@bob requested changes/,
    ],
    [
      "threads",
      "{ reviews: { resolved_threads: true } }",
      "threads: { unresolved: 2 }\nreviews: [{ by: eve, state: approved }]",
      /2 .*(?:threads|conversations)/,
    ],
  ])("title: %s", async (_what, require, facts, expected) => {
    expect((await said(require, facts)).title).toMatch(expected);
  });

  it("row f: an unknown contributor clears nobody, and the summary says so", async () => {
    const facts =
      "pull_request: { author: ada, commits: [{ sha: abcdef1, author: null }] }\nreviews: [{ by: bob, state: approved }]";
    expect((await said("{ reviews: {} }", facts)).summary).toMatch(
      /unknown|nobody.*(?:knows|maps)|no GitHub (?:user|account)/i,
    );
  });

  it("code owners without a CODEOWNERS file: a warning", async () => {
    expect((await said("{ reviews: { code_owners: true } }", approved("bob"))).summary).toMatch(
      /CODEOWNERS/,
    );
  });

  it("names who can do what", async () => {
    expect((await said("{ reviews: { users: [bob] } }", "{}")).next).toMatch(/bob.*approve/);
    expect(
      (await said("{ reviews: {} }", "reviews: [{ by: bob, state: changes_requested }]")).next,
    ).toMatch(/bob.*(?:approves|dismiss)/);
  });
});
