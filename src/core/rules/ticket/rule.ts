import { z } from "zod";
import { withoutComments } from "#core/text/without-comments.ts";
import { oneOf } from "#core/text/meanings.ts";
import { commits, linkedIssues, pullRequest, text } from "#core/facts/pull-request.ts";
import { matchesPattern } from "#core/formats/pattern.ts";
import type { ListedFactRef } from "#core/model/fact.ts";
import { fail, pass, type Verdict } from "#core/model/verdict.ts";
import { fewerMembersAreTighter } from "../kit/direction.ts";
import { editsNoneOf } from "../kit/edited-fields.ts";
import type { Ask } from "#core/facts/ask.ts";
import { pattern } from "../kit/params.ts";
import { either, listed, quoted, short } from "#core/text/phrases.ts";
import { judgeEachPull, usedByRange } from "../kit/range/each-pull.ts";
import { defineRule, type RuleContext } from "../kit/rule.ts";

const ticketSources = ["title", "body", "branch", "commits"] as const;
type TicketSource = (typeof ticketSources)[number];

const params = z
  .strictObject({
    pattern: pattern.optional().meta({
      description: "What a reference looks like, such as [A-Z]+-[0-9]+.",
      examples: ["[A-Z]+-[0-9]+"],
    }),
    in: z
      .array(
        oneOf(ticketSources, {
          title: "The title of the pull request.",
          body: "The description of the pull request.",
          branch: "The name of the head branch.",
          commits: "The message of every commit.",
        }),
      )
      .min(1)
      .default([...ticketSources])
      .describe("Where a reference may stand; in commits: in every one."),
    linked_issue: z
      .boolean()
      .default(false)
      .describe("An issue that the pull request will close is a reference too."),
  })
  .refine((demands) => demands.pattern !== undefined || demands.linked_issue, {
    message: "says nothing: give pattern or linked_issue",
  })
  .meta({ examples: [{ pattern: "[A-Z]+-[0-9]+" }, { linked_issue: true }] });
type Params = z.infer<typeof params>;

export const ticket = defineRule<Params>({
  name: "ticket",
  summary: "Every change refers to a ticket or an issue.",
  appliesTo: ["pull_request", "deployment"],
  params,
  needs: usedFacts,
  judge,
  isAffectedBy: (event, params) =>
    !editsNoneOf(event, [
      "base",
      ...(params.pattern === undefined ? [] : params.in),
      ...(params.linked_issue ? ["body"] : []),
    ]),
  // Each way to refer is a way to pass: taking some away tightens.
  compare: (organization, repository) =>
    fewerMembersAreTighter(waysToPass(organization), waysToPass(repository)),
  describe: requiredOf,
});

function usedFacts({ pattern, in: where, linked_issue }: Params): readonly ListedFactRef[] {
  const reads = (place: TicketSource): boolean => pattern !== undefined && where.includes(place);
  return [
    ...(reads("title") || reads("body") ? [text] : []),
    ...(reads("branch") ? [pullRequest] : []),
    ...(reads("commits") ? [commits] : []),
    ...(linked_issue ? [linkedIssues] : []),
    ...usedByRange,
  ];
}

function judge(context: RuleContext<Params>, ask: Ask): Verdict | undefined {
  const { params, subject } = context;
  const required = requiredOf(params);
  if (subject.kind === "deployment") return judgeEachPull(context, required, judge, ask);
  const answers = [
    ...(params.linked_issue ? [linkedIssue(ask)] : []),
    ...(params.pattern === undefined
      ? []
      : [...new Set(params.in)].map((place) => looks[place](params.pattern ?? "", ask))),
  ];
  const references = answers.filter((answer) => answer !== undefined);
  const reference = references.find((answer) => answer.carries);
  // Judged only when all was read, so that what is found does not depend on the order of answers.
  if (references.length < answers.length) return undefined;
  if (reference !== undefined) return pass({ found: reference.found, required });
  return fail({
    found: references.map((answer) => answer.found).join("; "),
    required,
    need: "Needs a reference to a ticket",
    next: `The author puts the reference into the ${either(waysOf(params))}.`,
  });
}

interface Look {
  readonly carries: boolean;
  readonly found: string;
}

function linkedIssue(ask: Ask): Look | undefined {
  const issues = ask(linkedIssues.need());
  if (issues === undefined) return undefined;
  if (issues.length === 0) return { carries: false, found: "no linked issue" };
  return { carries: true, found: `linked issue ${listed(issues.map((issue) => `#${issue}`))}` };
}

const looks: Readonly<Record<TicketSource, (source: string, ask: Ask) => Look | undefined>> = {
  title: (source, ask) => {
    const fact = ask(text.need());
    return (
      fact && { carries: matchesPattern(source, fact.title), found: `title ${quoted(fact.title)}` }
    );
  },
  body: (source, ask) => {
    const fact = ask(text.need());
    if (fact === undefined) return undefined;
    const carries = matchesPattern(source, withoutComments(fact.body));
    return {
      carries,
      found: carries ? "a reference in the description" : "none in the description",
    };
  },
  branch: (source, ask) => {
    const fact = ask(pullRequest.need());
    return (
      fact && {
        carries: matchesPattern(source, fact.headRef),
        found: `branch ${quoted(fact.headRef)}`,
      }
    );
  },
  commits: (source, ask) => {
    const fact = ask(commits.need());
    if (fact === undefined) return undefined;
    const without = fact.filter((commit) => !matchesPattern(source, commit.message));
    if (fact.length > 0 && without.length === 0)
      return { carries: true, found: "a reference in every commit" };
    return {
      carries: false,
      found:
        fact.length === 0
          ? "no commits"
          : `none in ${listed(
              without.map((commit) => short(commit.sha)),
              3,
            )}`,
    };
  },
};

function waysToPass(params: Params): readonly string[] {
  return [
    ...(params.pattern === undefined
      ? []
      : params.in.map((place) => `${place}: ${params.pattern}`)),
    ...(params.linked_issue ? ["linked issue"] : []),
  ];
}

function waysOf(params: Params): readonly string[] {
  const words: Readonly<Record<TicketSource, string>> = {
    title: "title",
    body: "description",
    branch: "branch name",
    commits: "message of every commit",
  };
  return [
    ...(params.pattern === undefined ? [] : params.in.map((place) => words[place])),
    ...(params.linked_issue ? ["linked issues"] : []),
  ];
}

function requiredOf(params: Params): string {
  const reference =
    params.pattern === undefined ? "a linked issue" : `a reference like ${params.pattern}`;
  return params.pattern !== undefined && params.linked_issue
    ? `${reference} or a linked issue`
    : reference;
}
