import { describe, expect, it } from "vitest";
import { needOf } from "#core/facts/of-pull-request.ts";
import { commits, linkedIssues, pullRequest, text } from "#core/facts/pull-request.ts";
import { ticket } from "#core/rules/ticket/rule.ts";
import { aCommit, aDeployment, aPullRequest, factsOf, tell } from "../build.ts";
import { deploymentWorld } from "../deployment-world.ts";
import { judge, judgeInRounds } from "../judge.ts";

interface Change {
  readonly title?: string;
  readonly body?: string;
  readonly branch?: string;
  readonly messages?: readonly string[];
  readonly issues?: readonly number[];
}

const change = ({
  title = "a door",
  body = "",
  branch = "door",
  messages = ["wip"],
  issues = [],
}: Change) =>
  factsOf(
    tell(text.need(), { title, body }),
    tell(pullRequest.need(), aPullRequest({ headRef: branch })),
    tell(
      commits.need(),
      messages.map((message) => aCommit({ message })),
    ),
    tell(linkedIssues.need(), issues),
  );

const jira = "[A-Z]+-[0-9]+";

describe("ticket", () => {
  it.each([
    { params: { pattern: jira }, of: { title: "SHOP-1 a door" }, kind: "pass" },
    { params: { pattern: jira }, of: { body: "see SHOP-1" }, kind: "pass" },
    { params: { pattern: jira }, of: { branch: "SHOP-1-door" }, kind: "pass" },
    { params: { pattern: jira }, of: { messages: ["SHOP-1 x", "SHOP-2 y"] }, kind: "pass" },
    { params: { pattern: jira }, of: { messages: ["SHOP-1 x", "y"] }, kind: "fail" },
    { params: { pattern: jira }, of: {}, kind: "fail" },
    { params: { pattern: jira, in: ["title"] }, of: { body: "SHOP-1" }, kind: "fail" },
    {
      params: { pattern: jira, in: ["commits"] },
      of: { title: "SHOP-1", messages: ["SHOP-1", "wip"] },
      kind: "fail",
    },
    { params: { pattern: jira, in: ["commits"] }, of: { messages: [] }, kind: "fail" },
    { params: { linked_issue: true }, of: { issues: [4] }, kind: "pass" },
    { params: { linked_issue: true }, of: { title: "SHOP-1" }, kind: "fail" },
    { params: { pattern: jira, linked_issue: true }, of: { issues: [4] }, kind: "pass" },
    // The template's sample is in a comment that no reader sees.
    { params: { pattern: jira }, of: { body: "<!-- such as SHOP-1 -->" }, kind: "fail" },
    { params: { pattern: jira }, of: { body: "<!-- such as SHOP-1" }, kind: "fail" },
    { params: { pattern: jira }, of: { body: "<!-- such as --> SHOP-1 <!-- -->" }, kind: "pass" },
  ])("$params of $of → $kind", ({ params, of, kind }) => {
    expect(judge(ticket, params, change(of)).kind).toBe(kind);
  });

  it("reads only the places that it looks at", () => {
    expect(judgeInRounds(ticket, { pattern: jira, in: ["title"] }, change({})).rounds).toEqual([
      ["text"],
    ]);
    expect(judgeInRounds(ticket, { linked_issue: true }, change({})).rounds).toEqual([
      ["linked_issues"],
    ]);
  });

  it.each([
    { title: "SHOP-1 Add a thing", kind: "pass" },
    { title: "Add a thing", kind: "fail" },
  ])(
    "judges at a deployment every pull request that goes out: $title → $kind",
    ({ title, kind }) => {
      const facts = deploymentWorld({}, tell(needOf(7, text.need()), { title, body: "" }));
      expect(
        judge(ticket, { pattern: jira, in: ["title"] }, facts, { subject: aDeployment }).kind,
      ).toBe(kind);
    },
  );

  it.each([{}, { in: ["title"] }, { pattern: jira, in: [] }, { pattern: jira, in: ["comments"] }])(
    "refuses %j",
    (params) => {
      expect(ticket.params.safeParse(params).success).toBe(false);
    },
  );

  it.each([
    { ours: { pattern: jira }, theirs: { pattern: jira, in: ["title"] }, is: "tighter" },
    { ours: { pattern: jira, in: ["title"] }, theirs: { pattern: jira }, is: "looser" },
    { ours: { pattern: jira }, theirs: { pattern: jira, linked_issue: true }, is: "looser" },
    { ours: { pattern: jira, linked_issue: true }, theirs: { pattern: jira }, is: "tighter" },
    { ours: { linked_issue: true }, theirs: { pattern: ".", linked_issue: true }, is: "looser" },
    { ours: { pattern: jira }, theirs: { pattern: "." }, is: "looser" },
  ])("$ours against $theirs is $is", ({ ours, theirs, is }) => {
    expect(ticket.compare(ours, theirs)).toBe(is);
  });
});
