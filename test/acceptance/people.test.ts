import { describe, expect, it } from "vitest";
import { outcome } from "./ask.ts";

const policy = (more = "", bare = false): string => `version: 1
commands: { bare: ${String(bare)} }
rules:
  - { name: titled, require: { title: { pattern: "^never$" } } }
  - { name: other, require: { title: { pattern: "^never$" } } }
overrides:
  - { name: emergency, label: emergency, rules: [titled, other], by: { teams: [ic] }, confirmations: 0, lasts: 4h, ticket: optional${more} }
  - { name: titles, rules: [titled], by: { users: [tess] }, lasts: 1h }
`;
const people =
  "people: { boss: { teams: [ic] }, second: { teams: [ic] }, tri: { role: triage }, reader: { role: read }, robot: { teams: [ic], bot: true } }\nnow: 2026-03-30T12:00:00Z\n";
const both = "allow titled=fail other=fail";
const none = "deny titled=fail other=fail";

describe("overrides, told as facts", () => {
  it.each<[string, string, string, string]>([
    [
      "by somebody who may",
      "",
      "overrides: [{ name: emergency, by: boss, reason: prod is down }]",
      both,
    ],
    [
      "in another case",
      "",
      "overrides: [{ name: emergency, by: BOSS, reason: prod is down }]",
      both,
    ],
    [
      "by somebody who may not",
      "",
      "overrides: [{ name: emergency, by: bob, reason: prod is down }]",
      none,
    ],
    ["by nobody", "", "overrides: [{ name: emergency, reason: prod is down }]", none],
    ["without a reason", "", "overrides: [{ name: emergency, by: boss }]", none],
    ["an empty reason", "", "overrides: [{ name: emergency, by: boss, reason: '  ' }]", none],
    ["of another name", "", "overrides: [{ name: nothing, by: boss, reason: x1 }]", none],
    ["only its rules", "", "overrides: [{ name: titles, by: tess, reason: x1 }]", none],
    [
      "a ticket is required and missing",
      ", ticket: required",
      "overrides: [{ name: emergency, by: boss, reason: prod is down }]",
      none,
    ],
    [
      "a ticket in the reason",
      ", ticket: required",
      "overrides: [{ name: emergency, by: boss, reason: 'OPS-12 prod is down' }]",
      both,
    ],
    [
      "an issue in the reason",
      ", ticket: required",
      "overrides: [{ name: emergency, by: boss, reason: 'prod is down, #12' }]",
      both,
    ],
    [
      "a ticket beside it",
      ", ticket: required",
      "overrides: [{ name: emergency, by: boss, reason: prod is down, ticket: OPS-12 }]",
      both,
    ],
    [
      "a confirmation is missing",
      ", confirmations: 1",
      "overrides: [{ name: emergency, by: boss, reason: x1 }]",
      none,
    ],
    [
      "confirmed by another",
      ", confirmations: 1",
      "overrides: [{ name: emergency, by: boss, reason: x1, confirmed_by: [second] }]",
      both,
    ],
    [
      "confirmations as a list",
      ", confirmations: 1",
      "overrides: [{ name: emergency, by: boss, reason: x1, confirmations: [second] }]",
      both,
    ],
    [
      "confirmed by himself",
      ", confirmations: 1",
      "overrides: [{ name: emergency, by: boss, reason: x1, confirmed_by: [Boss] }]",
      none,
    ],
    [
      "confirmed by somebody who may not",
      ", confirmations: 1",
      "overrides: [{ name: emergency, by: boss, reason: x1, confirmed_by: [bob] }]",
      none,
    ],
    [
      "still on after 3 h 59 min",
      "",
      "overrides: [{ name: emergency, by: boss, reason: x1, at: 2026-03-30T08:01:00Z }]",
      both,
    ],
    [
      "over after 4 h",
      "",
      "overrides: [{ name: emergency, by: boss, reason: x1, at: 2026-03-30T08:00:00Z }]",
      none,
    ],
    [
      "void on a push",
      "",
      "pull_request: { commits: [{ sha: a }, { sha: b }] }\noverrides: [{ name: emergency, by: boss, reason: x1, sha: a }]",
      none,
    ],
    [
      "of the head",
      "",
      "pull_request: { commits: [{ sha: a }, { sha: b }] }\noverrides: [{ name: emergency, by: boss, reason: x1, sha: b }]",
      both,
    ],
    [
      "by the change's author alone",
      "",
      "pull_request: { author: boss }\noverrides: [{ name: emergency, by: boss, reason: x1 }]",
      none,
    ],
    [
      "by the author of a commit alone",
      "",
      "pull_request: { author: ada, commits: [{ sha: a, author: boss }] }\noverrides: [{ name: emergency, by: boss, reason: x1 }]",
      none,
    ],
    [
      "by the author and another",
      "",
      "pull_request: { author: boss }\noverrides: [{ name: emergency, by: boss, reason: x1, confirmed_by: [second] }]",
      both,
    ],
  ])("%s", async (_what, more, facts, expected) => {
    const written = policy(more)
      .replace(/ticket: optional, ticket/, "ticket")
      .replace(/confirmations: 0(.*), confirmations: 1/, "confirmations: 1$1");
    expect(await outcome({ policy: written, facts: `${people}${facts}\n` })).toBe(expected);
  });

  it("a rule that no override lists cannot be overridden", async () => {
    const written =
      "rules: [{ name: titled, require: { title: { pattern: '^never$' } } }, { name: other, require: { labels: { all: [x] } } }]\noverrides: [{ name: e, rules: [other], by: { users: [boss] } }]";
    expect(
      await outcome({ policy: written, facts: "overrides: [{ name: e, by: boss, reason: x1 }]" }),
    ).toBe("deny titled=fail other=fail");
  });
});

const said = (body: string, by = "boss", more = ""): string =>
  `${people}comments:\n  - { by: ${by}${more}, body: ${JSON.stringify(body)} }\n`;

describe("what people say in comments", () => {
  it.each<[string, string, string]>([
    ["/gate override", said("/gate override emergency prod is down"), both],
    ["/gatehouse override", said("/gatehouse override emergency prod is down"), both],
    ["@gatehouse override", said("@gatehouse override emergency prod is down"), both],
    ["in another case", said("/GATE Override Emergency prod is down"), both],
    ["emergency, in short", said("/gate emergency prod is down"), both],
    [
      "one rule by its name",
      said("/gate override titled prod is down"),
      "deny titled=fail other=fail",
    ],
    ["a bare command, where not accepted", said("/emergency prod is down"), none],
    ["by somebody who may not", said("/gate emergency prod is down", "bob"), none],
    ["by a bot", said("/gate emergency prod is down", "robot"), none],
    ["without a reason", said("/gate emergency"), none],
    [
      "row T4: an edited comment",
      said("/gate emergency prod is down", "boss", ", edited: true"),
      none,
    ],
    ["T33: in a quote", said("> /gate emergency prod is down"), none],
    ["T33: in a fence", said("```\n/gate emergency prod is down\n```"), none],
    ["T33: in an HTML comment", said("<!--\n/gate emergency prod is down\n-->"), none],
    ["T33: indented as code", said("    /gate emergency prod is down"), none],
    ["not at the start of a line", said("please /gate emergency prod is down"), none],
    ["on a later line", said("Hello.\n\n/gate emergency prod is down"), both],
    ["with Windows line ends", said("Hello.\r\n/gate emergency prod is down\r\n"), both],
    ["T31: a letter that only looks alike", said("/g\u0430te emergency prod is down"), none],
    ["T31: a zero-width character", said("\u200b/gate emergency prod is down"), none],
    [
      "taken back",
      `${people}comments: [{ by: boss, body: /gate emergency prod is down }, { by: boss, body: /gate override-cancel emergency }]\n`,
      none,
    ],
    [
      "made in the future",
      `${people}comments: [{ by: boss, body: /gate emergency prod is down, at: 2026-03-30T12:00:01Z }]\n`,
      none,
    ],
    [
      "run out",
      `${people}comments: [{ by: boss, body: /gate emergency prod is down, at: 2026-03-30T07:00:00Z }]\n`,
      none,
    ],
    ["nothing at all", `${people}comments: [{ by: boss, body: looks good }]\n`, none],
  ])("overrides: %s", async (_what, facts, expected) => {
    expect(await outcome({ policy: policy(), facts })).toBe(expected);
  });

  it("a bare command counts where the policy accepts it", async () => {
    expect(
      await outcome({ policy: policy("", true), facts: said("/emergency prod is down") }),
    ).toBe(both);
  });

  it("a second person confirms", async () => {
    const written = policy().replace("confirmations: 0", "confirmations: 1");
    const first = "{ by: boss, body: /gate emergency prod is down }";
    expect(await outcome({ policy: written, facts: `${people}comments: [${first}]` })).toBe(none);
    expect(
      await outcome({
        policy: written,
        facts: `${people}comments: [${first}, { by: boss, body: /gate confirm }]`,
      }),
    ).toBe(none);
    expect(
      await outcome({
        policy: written,
        facts: `${people}comments: [${first}, { by: bob, body: /gate confirm }]`,
      }),
    ).toBe(none);
    expect(
      await outcome({
        policy: written,
        facts: `${people}comments: [${first}, { by: second, body: /gate confirm }]`,
      }),
    ).toBe(both);
  });

  it.each<[string, string, string]>([
    [
      "by its right person, with a reason in the next comment",
      "pull_request: { labels: [{ name: Emergency, by: boss, at: 2026-03-30T11:00:00Z }] }\ncomments: [{ by: boss, body: prod is down, at: 2026-03-30T11:01:00Z }]",
      both,
    ],
    [
      "no reason yet",
      "pull_request: { labels: [{ name: emergency, by: boss, at: 2026-03-30T11:00:00Z }] }",
      none,
    ],
    [
      "a reason of somebody else",
      "pull_request: { labels: [{ name: emergency, by: boss, at: 2026-03-30T11:00:00Z }] }\ncomments: [{ by: bob, body: prod is down, at: 2026-03-30T11:01:00Z }]",
      none,
    ],
    [
      "a comment from before",
      "pull_request: { labels: [{ name: emergency, by: boss, at: 2026-03-30T11:00:00Z }] }\ncomments: [{ by: boss, body: prod is down, at: 2026-03-30T10:59:00Z }]",
      none,
    ],
    [
      "T28: by a triager",
      "pull_request: { labels: [{ name: emergency, by: tri, at: 2026-03-30T11:00:00Z }] }\ncomments: [{ by: tri, body: prod is down, at: 2026-03-30T11:01:00Z }]",
      none,
    ],
    [
      "T28: by a bot",
      "pull_request: { labels: [{ name: emergency, by: robot, at: 2026-03-30T11:00:00Z }] }\ncomments: [{ by: robot, body: prod is down, at: 2026-03-30T11:01:00Z }]",
      none,
    ],
    [
      "by nobody knows whom",
      "pull_request: { labels: [emergency] }\ncomments: [{ by: boss, body: prod is down, at: 2026-03-30T11:01:00Z }]",
      none,
    ],
    [
      "run out",
      "pull_request: { labels: [{ name: emergency, by: boss, at: 2026-03-30T07:00:00Z }] }\ncomments: [{ by: boss, body: prod is down, at: 2026-03-30T07:01:00Z }]",
      none,
    ],
  ])("a label asks for an override: %s", async (_what, facts, expected) => {
    expect(await outcome({ policy: policy(), facts: `${people}${facts}\n` })).toBe(expected);
  });

  it.each<[string, string, string]>([
    ["hold", said("/gate hold not yet", "tri"), "wait"],
    ["hold without a reason", said("/gate hold", "tri"), "wait"],
    ["hold by a reader", said("/gate hold not yet", "reader"), "allow"],
    [
      "hold, then unhold",
      `${people}comments: [{ by: tri, body: /gate hold }, { by: bob, body: /gate unhold }]`,
      "allow",
    ],
    ["both in one comment", said("/gate hold\n/gate unhold", "tri"), "allow"],
    [
      "unhold, then hold",
      `${people}comments: [{ by: tri, body: /gate unhold }, { by: bob, body: /gate hold }]`,
      "wait",
    ],
    ["an unknown command", said("/gate hodl", "tri"), "allow"],
    ["a hold, told as a fact", "holds: [{ by: tri, reason: x }]", "wait"],
  ])("%s", async (_what, facts, expected) => {
    expect(await outcome({ policy: "rules: []", facts })).toBe(expected);
  });

  const release =
    "rules:\n  - { name: r, when: { environments: [production] }, require: { approvals: { teams: [seniors] } } }\n";
  const door =
    "deployment: { environment: production, sha: abcdef1234, actor: ada }\npeople: { sen: { teams: [seniors] }, ada: { teams: [seniors] } }\n";
  it.each<[string, string, string]>([
    ["/approve", "comments: [{ by: sen, body: /gate approve production }]", "allow r=pass"],
    [
      "/approve with the commit",
      "comments: [{ by: sen, body: /gate approve production abcdef1 }]",
      "allow r=pass",
    ],
    [
      "/approve with another commit",
      "comments: [{ by: sen, body: /gate approve production 1234567 }]",
      "wait r=pending",
    ],
    [
      "/approve of another environment",
      "comments: [{ by: sen, body: /gate approve staging }]",
      "wait r=pending",
    ],
    [
      "/approve by the requester",
      "comments: [{ by: ada, body: /gate approve production }]",
      "wait r=pending",
    ],
    [
      "/approve by an outsider",
      "comments: [{ by: bob, body: /gate approve production }]",
      "wait r=pending",
    ],
    [
      "/approve, then /reject of the same person",
      "comments: [{ by: sen, body: /gate approve production }, { by: sen, body: /gate reject production no }]",
      "deny not-rejected=fail r=pending",
    ],
    [
      "/reject",
      "approvals: [sen]\ncomments: [{ by: bob, body: /gate reject production broken }]",
      "deny not-rejected=fail r=pass",
    ],
    [
      "/reject without a reason",
      "approvals: [sen]\ncomments: [{ by: bob, body: /gate reject production }]",
      "allow r=pass",
    ],
  ])("deployments: %s", async (_what, facts, expected) => {
    expect(await outcome({ policy: release, facts: `${door}${facts}\n` })).toBe(expected);
  });

  it.each<[string, string, string]>([
    [
      "/freeze by a maintainer",
      "comments: [{ by: mia, body: /gate freeze production incident }]",
      "wait r=pending",
    ],
    [
      "/freeze by a writer",
      "comments: [{ by: bob, body: /gate freeze production incident }]",
      "allow r=pass",
    ],
    [
      "/freeze without a reason",
      "comments: [{ by: mia, body: /gate freeze production }]",
      "allow r=pass",
    ],
    [
      "/freeze of another environment",
      "comments: [{ by: mia, body: /gate freeze staging incident }]",
      "allow r=pass",
    ],
    [
      "/freeze until it is over",
      "comments: [{ by: mia, body: /gate freeze production until 2026-03-30T12:30Z incident, at: 2026-03-30T11:00:00Z }]",
      "wait r=pending",
    ],
    [
      "/freeze that is over",
      "comments: [{ by: mia, body: /gate freeze production until 2026-03-30T11:30Z incident, at: 2026-03-30T11:00:00Z }]",
      "allow r=pass",
    ],
    [
      "/freeze from later on",
      "comments: [{ by: mia, body: /gate freeze production from 2026-03-30T13:00Z incident }]",
      "allow r=pass",
    ],
    [
      "/unfreeze",
      "comments: [{ by: mia, body: /gate freeze production incident }, { by: mia, body: /gate unfreeze production over }]",
      "allow r=pass",
    ],
    [
      "/unfreeze by its name",
      "comments: [{ by: mia, body: /gate freeze production as inc incident }, { by: mia, body: /gate unfreeze inc over }]",
      "allow r=pass",
    ],
    [
      "/unfreeze by a writer",
      "comments: [{ by: mia, body: /gate freeze production incident }, { by: bob, body: /gate unfreeze production over }]",
      "wait r=pending",
    ],
  ])("freezes: %s", async (_what, facts, expected) => {
    expect(
      await outcome({
        policy:
          "rules: [{ name: r, when: { environments: [production, staging] }, require: { not_frozen: true } }]",
        facts: `deployment: { environment: production, sha: a }\npeople: { mia: { role: maintain } }\nnow: 2026-03-30T12:00:00Z\n${facts}\n`,
      }),
    ).toBe(expected);
  });
});
