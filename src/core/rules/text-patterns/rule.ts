import { z } from "zod";
import { pullRequest, text, type TextFact } from "#core/facts/pull-request.ts";
import { matchesPattern } from "#core/formats/pattern.ts";
import { fail, pass, type Verdict } from "#core/model/verdict.ts";
import { pinIsTighter } from "../kit/direction.ts";
import { editsNoneOf } from "../kit/edited-fields.ts";
import { pattern } from "../kit/params.ts";
import { quoted } from "#core/text/phrases.ts";
import { withoutComments } from "#core/text/without-comments.ts";
import { type AnyRule, defineRule, type Direction } from "../kit/rule.ts";

const params = z.strictObject({ pattern });
type Params = z.infer<typeof params>;

export const title = textRule(
  "title",
  "The title of the pull request matches a pattern.",
  "title",
  (fact) => quoted(fact.title),
);
export const body = textRule(
  "body",
  "The description of the pull request matches a pattern.",
  "description",
  ({ body: written }) =>
    withoutComments(written).trim() === ""
      ? "the description is empty"
      : "the description does not match",
);

export const branchName = defineRule<Params>({
  name: "branch_name",
  summary: "The name of the head branch matches a pattern.",
  appliesTo: ["pull_request"],
  params,
  needs: () => [pullRequest],
  judge: ({ params }, ask) => {
    const headRef = ask(pullRequest.need())?.headRef;
    if (headRef === undefined) return undefined;
    return verdictOn(params, headRef, quoted(headRef), {
      what: "branch name",
      remedy:
        "Rename the head branch, or open the pull request again from a branch with a fitting name.",
    });
  },
  // A branch of a pull request keeps its name, except when it is renamed: then GitHub edits or reopens.
  isAffectedBy: (event) => !editsNoneOf(event, ["base"]),
  compare: comparePatterns,
  describe: (params) => `a branch name like ${params.pattern}`,
});

function textRule(
  name: "title" | "body",
  summary: string,
  what: string,
  found: (fact: TextFact) => string,
): AnyRule {
  return defineRule<Params>({
    name,
    summary,
    appliesTo: ["pull_request"],
    params,
    needs: () => [text],
    judge: ({ params }, ask) => {
      const fact = ask(text.need());
      if (fact === undefined) return undefined;
      const seen = name === "body" ? withoutComments(fact.body) : fact.title;
      return verdictOn(params, seen, found(fact), {
        what,
        remedy: `The author or a maintainer edits the ${what}.`,
      });
    },
    isAffectedBy: (event) => !editsNoneOf(event, [name]),
    compare: comparePatterns,
    describe: (params) => `a ${what} like ${params.pattern}`,
  });
}

function verdictOn(
  params: Params,
  value: string,
  found: string,
  words: { readonly what: string; readonly remedy: string },
): Verdict {
  const required = `a ${words.what} like ${params.pattern}`;
  if (matchesPattern(params.pattern, value))
    return pass({ found: found.startsWith('"') ? found : "it matches", required });
  return fail({
    found,
    required,
    need: `The ${words.what} must match ${params.pattern}`,
    patterns: [params.pattern],
    next: words.remedy,
  });
}

/** Two patterns cannot be compared: another one is another demand, not a tighter one. */
function comparePatterns(organization: Params, repository: Params): Direction {
  return pinIsTighter(organization.pattern, repository.pattern);
}
