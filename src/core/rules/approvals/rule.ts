import { z } from "zod";
import { oneOf } from "#core/text/meanings.ts";
import { deployedContributors } from "#core/facts/deployed-contributors.ts";
import { deploymentApprovals, environmentReviews } from "#core/facts/deployment-approvals.ts";
import { deployment } from "#core/facts/deployment.ts";
import { ifReadable } from "#core/facts/if-readable.ts";
import { account, roleOf, teamMembers } from "#core/facts/people.ts";
import type { Actors } from "#core/model/actor.ts";
import { pass, pending, skipped, type Verdict } from "#core/model/verdict.ts";
import { excludable } from "./barred.ts";
import { whyNobodyApproves } from "./approvers-left.ts";
import { tallyApprovals, type ApprovalQuestion, type ApprovalTally } from "./tally.ts";
import {
  besideIf,
  fewerPeopleAreTighter,
  moreIsTighter,
  moreMembersAreTighter,
  together,
} from "../kit/direction.ts";
import type { Ask } from "#core/facts/ask.ts";
import { actorLists } from "../kit/params.ts";
import { at, count, either, listed, people } from "#core/text/phrases.ts";
import { defineRule, type RuleContext } from "../kit/rule.ts";
import { commandSpan } from "#core/text/command-text.ts";
import { nextOfPresent } from "../present-actors/rule.ts";
import { actorNames } from "#core/people/who-is-among.ts";

const params = z
  .strictObject({
    count: z
      .int()
      .min(1)
      .max(50)
      .default(1)
      .meta({ description: "How many people must approve.", examples: [1, 2] }),
    ...actorLists,
    exclude: z
      .array(
        oneOf(excludable, {
          requester: "Who asked for the deployment, or ran it again.",
          authors: "Who had a hand in what goes out.",
        }),
      )
      .max(2)
      .default([...excludable])
      .describe("Whose approval does not count."),
  })
  .meta({ examples: [{ count: 2, teams: ["release-managers"] }] });

type Params = z.output<typeof params>;

/** Whose approval counts: those the policy names, else people with write access. */
export function approversOf({
  users,
  teams,
  roles,
}: Pick<Params, "users" | "teams" | "roles">): Actors {
  return users === undefined && teams === undefined && roles === undefined
    ? { roles: ["write"] }
    : { users, teams, roles };
}

export const approvals = defineRule<Params>({
  name: "approvals",
  summary: "Enough distinct people approved this commit for this environment.",
  appliesTo: ["deployment"],
  params,
  needs: () => [
    deploymentApprovals,
    environmentReviews,
    deployment,
    deployedContributors,
    teamMembers,
    account,
    roleOf,
    ifReadable,
  ],
  judge,
  compare: (organization, repository) =>
    together(
      moreIsTighter(organization.count, repository.count),
      // Everybody who may approve may also reject, and goes on to.
      besideIf(true, fewerPeopleAreTighter(approversOf(organization), approversOf(repository))),
      moreMembersAreTighter(organization.exclude, repository.exclude),
    ),
  joined: ["exclude"],
  asksPeople: ({ users, teams, roles, count: wanted }) => [{ users, teams, roles, wanted }],
  describe: (asked) => requiredOf(asked, ""),
});

type At = Pick<ApprovalQuestion, "owner" | "agents" | "subject" | "now">;

const tallyOf = (asked: Params, at: At, ask: Ask): ApprovalTally | undefined =>
  tallyApprovals(
    { ...at, count: asked.count, actors: approversOf(asked), exclude: asked.exclude },
    ask,
  );

/** The tally of approvals under written parameters, for commands that ask about one person. */
export const approvalsTally = (raw: unknown, at: At, ask: Ask): ApprovalTally | undefined =>
  tallyOf(params.parse(raw ?? {}), at, ask);

/** Whether contributors to what is deployed are excluded. */
export const barsContributors = (raw: unknown): boolean =>
  params.parse(raw ?? {}).exclude.includes("authors");

function requiredOf(asked: Params, owner: string): string {
  const barred = asked.exclude.map((who) =>
    who === "requester" ? "who asked for it" : "who had a hand in it",
  );
  return `${count(asked.count, "deployment approval")} from ${either(actorNames(approversOf(asked), owner))}${barred.length === 0 ? "" : `, not ${either(barred)}`}`;
}

function judge(
  { params: asked, policy, subject, now }: RuleContext<Params>,
  ask: Ask,
): Verdict | undefined {
  const required = requiredOf(asked, policy.owner);
  if (subject.kind !== "deployment") return skipped({ found: "not a deployment", required });
  const actors = approversOf(asked);
  const tally = tallyOf(asked, { owner: policy.owner, agents: policy.agents, subject, now }, ask);
  if (tally === undefined) return undefined;
  const parts = {
    found: foundOf(tally),
    required,
    evidence: tally.counted.slice(0, 20).map((approval) => ({
      label: `${approval.via} by ${at(approval.by)}`,
      sha: subject.sha,
      ...(approval.at === null ? {} : { at: approval.at }),
    })),
    warnings:
      tally.unmapped.length === 0 || tally.counted.length === 0
        ? []
        : [
            `${listed(tally.unmapped, 3)} wrote commits that go out, and GitHub knows no account of that name: whether they approve cannot be told.`,
          ],
  };
  const missing = asked.count - tally.counted.length;
  if (missing <= 0) return pass(parts);
  const deadEnd = whyNobodyApproves(
    {
      actors,
      exclude: asked.exclude,
      owner: policy.owner,
      counted: tally.counted.map(({ by }) => by),
      missing,
    },
    ask,
  );
  if (deadEnd === undefined) return undefined;
  const who = either(actorNames(actors, policy.owner));
  const more = tally.counted.length === 0 ? "" : "more ";
  return pending({
    ...parts,
    need: `Needs ${missing} ${more}${missing === 1 ? "approval" : "approvals"} for ${subject.environment} from ${who}`,
    next:
      deadEnd ??
      nextOfPresent(
        actors,
        policy,
        (present) =>
          `One of ${present}${asked.exclude.length === 0 ? "" : " who neither asked for it nor had a hand in it"} comments ${commandSpan("approve", subject.environment)} on the pull request, or approves the environment at GitHub.`,
      ),
  });
}

function foundOf({ counted, discounted }: ApprovalTally): string {
  const cells = [
    counted.length === 0
      ? "no approval that counts"
      : `${count(counted.length, "approval")} (${people(counted.map(({ by }) => by))})`,
    ...(discounted.length === 0
      ? []
      : [`not counted: ${listed(discounted.map(({ by, why }) => `${at(by)} (${why})`))}`]),
  ];
  return cells.join("; ");
}
