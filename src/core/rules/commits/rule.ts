import { z } from "zod";
import { type CommitFact, commits as commitsFact } from "#core/facts/pull-request.ts";
import { matchesPattern } from "#core/formats/pattern.ts";
import { fail, pass, pending } from "#core/model/verdict.ts";
import { pinIsTighter, together, trueIsTighter } from "../kit/direction.ts";
import { editsNoneOf } from "../kit/edited-fields.ts";
import { pattern } from "../kit/params.ts";
import { count, listed, quoted, short } from "#core/text/phrases.ts";
import { defineRule } from "../kit/rule.ts";
import { isSignedOff } from "./signed-off.ts";

const params = z
  .strictObject({
    signed: z.boolean().default(false).describe("GitHub verified the signature."),
    signed_off: z.boolean().default(false).describe("The message carries a Signed-off-by trailer."),
    message: pattern.optional().meta({
      description: "What every commit message must match.",
      examples: ["^(feat|fix|docs|chore)(\\(.+\\))?: "],
    }),
    linear: z.boolean().default(false).describe("No merge commits."),
  })
  .refine(
    (demands) =>
      demands.signed || demands.signed_off || demands.linear || demands.message !== undefined,
    {
      message: "says nothing: give signed, signed_off, message or linear",
    },
  )
  .meta({ examples: [{ signed: true }, { signed_off: true, linear: true }] });
type Params = z.infer<typeof params>;

interface Demand {
  readonly required: string;
  readonly holds: (commit: CommitFact) => boolean;
  /** "2 of 3 commits <unmet>". */
  readonly unmet: string;
  readonly next: string;
}

export const commits = defineRule<Params>({
  name: "commits",
  summary: "Every commit is signed, signed off, well worded, or has one parent.",
  appliesTo: ["pull_request"],
  params,
  needs: () => [commitsFact],
  judge: ({ params }, ask) => {
    const all = ask(commitsFact.need());
    if (all === undefined) return undefined;
    const required = requiredOf(params);
    if (all.length === 0)
      return pending({
        found: "no commits",
        required,
        need: "The pull request has no commits",
        next: "The author pushes a commit.",
      });

    const broken = demandsOf(params)
      .map((demand) => ({ demand, offenders: all.filter((commit) => !demand.holds(commit)) }))
      .filter(({ offenders }) => offenders.length > 0);
    if (broken.length === 0) return pass({ found: count(all.length, "commit"), required });
    return fail({
      found: broken
        .map(({ demand, offenders }) => `${listed(offenders.map(nameOf), 3)}: ${demand.unmet}`)
        .join("; "),
      required,
      need: broken
        .map(
          ({ demand, offenders }) =>
            `${offenders.length} of ${count(all.length, "commit")} ${demand.unmet}`,
        )
        .join("; "),
      next: broken.map(({ demand }) => demand.next).join(" "),
      evidence: broken.flatMap(({ demand, offenders }) =>
        offenders.slice(0, 5).map((commit) => ({ label: demand.unmet, sha: commit.sha })),
      ),
    });
  },
  isAffectedBy: (event) => !editsNoneOf(event, ["base"]),
  compare: (organization, repository) =>
    together(
      trueIsTighter(organization.signed, repository.signed),
      trueIsTighter(organization.signed_off, repository.signed_off),
      trueIsTighter(organization.linear, repository.linear),
      pinIsTighter(organization.message, repository.message),
    ),
  describe: requiredOf,
});

const nameOf = (commit: CommitFact): string => `${short(commit.sha)} ${quoted(commit.message, 40)}`;

function demandsOf(params: Params): readonly Demand[] {
  const { message } = params;
  return [
    ...(params.signed
      ? [
          {
            required: "signed",
            holds: (commit: CommitFact) => commit.verified,
            unmet: "without a verified signature",
            next: "The author signs the commits and pushes them again.",
          },
        ]
      : []),
    ...(params.signed_off
      ? [
          {
            required: "signed off",
            holds: (commit: CommitFact) => isSignedOff(commit.message),
            unmet: "without a Signed-off-by line",
            next: "The author signs off (git rebase --signoff) and pushes again.",
          },
        ]
      : []),
    ...(message !== undefined
      ? [
          {
            required: `message like ${message}`,
            holds: (commit: CommitFact) => matchesPattern(message, commit.message),
            unmet: "with another message",
            next: "The author rewords the commits and pushes again.",
          },
        ]
      : []),
    ...(params.linear
      ? [
          {
            required: "no merge commit",
            holds: (commit: CommitFact) => commit.parents <= 1,
            unmet: "merging another branch",
            next: "The author rebases the branch instead of merging into it.",
          },
        ]
      : []),
  ];
}

function requiredOf(params: Params): string {
  return `every commit: ${demandsOf(params)
    .map((demand) => demand.required)
    .join(", ")}`;
}
