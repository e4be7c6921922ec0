import type { Actors } from "#core/model/actor.ts";
import type { FactTable } from "#core/model/fact.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import type { TicketRow } from "#core/model/ticket.ts";
import { reviewedOverride } from "#core/overrides/review-due.ts";
import { parseDuration } from "#core/text/duration.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { askTable } from "#core/facts/read-table.ts";
import { leavesOf } from "#core/policy/requirement.ts";
import { freezeStates } from "#core/rules/kit/freezes/states.ts";
import { freezeNamesOf, notFrozen } from "#core/rules/not-frozen/rule.ts";

/** Freezes that are on and let this deployment pass because of a label: each is looked at afterwards. */
export function freezesPassedOwingReview(
  policy: EffectivePolicy,
  subject: DeploymentSubject,
  facts: FactTable,
  now: number,
): readonly { readonly freeze: string; readonly because: string }[] {
  const found = policy.rules
    .filter((rule) => rule.enforcement === "active" && rule.gates.includes("deployment"))
    .flatMap((rule) => leavesOf(rule.requirement).map((leaf) => ({ leaf, context: rule.context })))
    .filter(({ leaf }) => leaf.rule.name === notFrozen.name)
    .flatMap(
      ({ leaf, context }) =>
        freezeStates(
          { names: freezeNamesOf(leaf.raw), policy: context, subject, now },
          askTable(facts),
        )?.states ?? [],
    )
    .filter(({ owesReview }) => owesReview);
  return [
    ...new Map(
      found.map(({ freeze, because }) => [freeze.name, { freeze: freeze.name, because }]),
    ).values(),
  ];
}

/** Whose review it is: as the override says; of a bypass, the people of every override's review, else maintainers. */
export function reviewersFor(ticket: TicketRow, policy: EffectivePolicy): Actors {
  const definition = policy.overrides.find(({ name }) => name === reviewedOverride(ticket));
  if (definition?.post_review !== undefined) return definition.post_review;
  const { users, teams } = reviewersOf(policy);
  return users.length + teams.length === 0 ? { roles: ["maintain"] } : { users, teams };
}

/** Where no override says how soon. */
export const bypassReviewMs = 2 * 86_400_000;

/** How soon a bypass or a freeze let through is to be reviewed: as the policy's strictest override says, else within two days. */
export function reviewWithin(policy: EffectivePolicy): number {
  const said = policy.overrides.flatMap((override) =>
    override.post_review === undefined
      ? []
      : [parseDuration(override.post_review.within) ?? bypassReviewMs],
  );
  return said.length === 0 ? bypassReviewMs : Math.min(...said);
}

/** Who is asked to review: the people of every override's review. */
export function reviewersOf(policy: EffectivePolicy): {
  readonly users: readonly string[];
  readonly teams: readonly string[];
} {
  const reviews = policy.overrides.flatMap((override) => override.post_review ?? []);
  return {
    users: [...new Set(reviews.flatMap((review) => review.users ?? []))],
    teams: [...new Set(reviews.flatMap((review) => review.teams ?? []))],
  };
}
