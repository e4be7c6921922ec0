import { isReason, ticketIn } from "#core/overrides/reason.ts";
import type { Act } from "#core/model/act.ts";
import { waitingForOverride } from "#core/overrides/bound-deployment.ts";
import { askedIn, type OverrideAsked, type WaitingDeployment } from "#core/overrides/request.ts";
import { overdueReview } from "#core/overrides/review-due.ts";
import { reviewIssue } from "#core/overrides/review-place.ts";
import { reviewersFor } from "#core/decide/owing-review.ts";
import { commandSpan } from "#core/text/command-text.ts";
import { inert } from "#core/text/markdown.ts";
import { overrideState } from "#core/render/override.ts";
import { instant } from "#core/text/time.ts";
import { sameEnvironment } from "#core/deployments/environment.ts";
import { actOf, withActs } from "./acts.ts";
import { environmentInReason } from "./environment-argument.ts";
import { firstWord } from "./arguments.ts";
import { grantTo, grantWords } from "./authority.ts";
import { headMoved, overriddenCommit } from "./bound-commit.ts";
import { done, refused, type Call, type Command, type Outcome } from "./command.ts";
import { nobodyToConfirm } from "./confirmers-left.ts";
import { hadHandInCommit } from "./hand-in-change.ts";
import { confirmRequest, requestsOf } from "./override-requests.ts";
import { chooseOverride, overrideGrants, type ChosenOverride } from "./override-choice.ts";

/** How it is asked for: by a command, or by a label whose reason is what was said next. */
export interface OverrideRequested {
  readonly chosen: ChosenOverride;
  readonly reason: string;
  readonly label: string | null;
  /** When that label was put on, by GitHub's clock (epoch ms). */
  readonly labelAt?: number | undefined;
}

/** Records a request for an override by somebody who may ask for it. */
export function askOverride(
  call: Call,
  { chosen, reason, label, labelAt }: OverrideRequested,
): Outcome | undefined {
  const { definition, rules } = chosen;
  const name = inert(definition.name);
  if (call.context.state === "closed")
    return refused(
      "The pull request was closed without being merged: there is nothing to let through.",
    );
  const bound = overriddenCommit(call, rules);
  if ("says" in bound) return refused(bound.says);
  const { sha } = bound;
  if (sha === null) return refused(headMoved);
  const meant = deploymentMeant(call, sha, { rules, reason });
  if (meant === undefined) return undefined;
  if (meant !== null && "says" in meant) return refused(meant.says);
  const deployment = meant;
  const before = requestsOf(call).findLast(
    ({ act, state }) =>
      act.name === definition.name &&
      act.sha === sha &&
      state.kind !== "over" &&
      isForSame(act, deployment, call, state.kind === "waiting") &&
      rules.every((rule) => detailRules(act.detail).includes(rule)),
  );
  // Who asks for what somebody else asked for, and may, is the second person that it waits for.
  if (before?.state.kind === "waiting" && before.act.actor.id !== call.actor.id)
    return confirmRequest(call, before);
  if (before !== undefined) return refused(overrideState(before, call.context.owner, "before"));
  if (!isReason(reason))
    return refused(`An override needs a reason: \`/gate override ${definition.name} <reason>\`.`);
  const ticket = ticketIn(reason);
  if (definition.ticket === "required" && ticket === null)
    return refused(`The reason for ${name} must carry an issue or ticket, such as #12 or OPS-34.`);
  const overdue = overdueReview(call.reviews, definition.name, call.now);
  if (overdue !== null) {
    const issue = reviewIssue(overdue);
    const where = issue === null ? "" : ` (#${issue})`;
    const who = grantWords([grantTo(reviewersFor(overdue, call.policy))], call.context.owner);
    const how =
      issue === null
        ? ` There is no issue for it: ${who} says what they found with ${commandSpan("reviewed", definition.name, "<what you found>")} in a pull request, and that is the review.`
        : "";
    return refused(
      `The review of an earlier ${name} is overdue since ${instant(overdue.dueAt ?? 0)}${where}.${how} Until somebody has done it, this override is refused in the repository.`,
    );
  }
  const wrote = hadHandInCommit(call, sha);
  if (wrote === undefined) return undefined;
  const asked: OverrideAsked = {
    rules,
    ticket,
    label,
    labelAt: labelAt ?? null,
    base: call.context.baseRef ?? null,
    wrote,
    deployment,
  };
  const act = actOf(call, "override", { sha, name: definition.name, reason, detail: { ...asked } });
  const request = requestsOf({ ...call, acts: withActs(call, [act]) }).find(
    (each) => each.act.id === act.id,
  );
  if (request === undefined) return done([act]);
  // It came late: somebody took it back since.
  if (request.state.kind === "over")
    return refused(overrideState(request, call.context.owner, "new"));
  const trouble = nobodyToConfirm(call, request);
  return trouble === undefined
    ? undefined
    : done(
        [act],
        `${overrideState(request, call.context.owner, "new")}${forOne(deployment, isAtDoors(call, rules), isAtMerge(call, rules))}${trouble}`,
      );
}

/**
 * The waiting deployment that is meant: the one to whose environment the reason begins, else the one that has waited
 * longest. null: none waits that it could let through, or the reason begins with the merge of an open pull request.
 */
function deploymentMeant(
  call: Call,
  sha: string,
  { rules, reason }: { readonly rules: readonly string[]; readonly reason: string },
): WaitingDeployment | { readonly says: string } | null | undefined {
  const waiting = waitingForOverride(call.policy, call.deployments, sha, rules, call.now);
  const [oldest] = waiting;
  if (oldest === undefined || isForMerge(call, reason)) return null;
  const named = environmentInReason(call, reason);
  if (named === undefined || named === null) return named === null ? oldest : undefined;
  if ("says" in named) {
    const isOne = waiting.every(({ environment }) =>
      sameEnvironment(environment, oldest.environment),
    );
    return isOne ? oldest : named;
  }
  const there = waiting.find(({ environment }) => sameEnvironment(environment, named.name));
  return (
    there ?? {
      says: `The reason begins with ${inert(named.name)}, where nothing of \`${sha.slice(0, 7)}\` waits that this could let through: what waits is ${[...new Set(waiting.map(({ environment }) => inert(environment)))].join(", ")}. Begin it with the environment that is meant.`,
    }
  );
}

const isForMerge = ({ context }: Call, reason: string): boolean =>
  context.state === "open" && /^merge\b/iu.test(reason);

/** Whether an earlier request is for the deployment that is meant now; one that still waits for a person is, as long as its own waits. */
function isForSame(
  act: Act,
  deployment: WaitingDeployment | null,
  { deployments }: Call,
  isWaiting: boolean,
): boolean {
  const bound = askedIn(act).deployment ?? null;
  if (bound?.id === deployment?.id) return true;
  if (deployment === null) return false;
  return (
    isWaiting &&
    (bound === null ||
      deployments.some((row) => row.deploymentId === bound.id && row.gateAnsweredAt === null))
  );
}

/** Whether any rule of the override is asked at deployments. */
const isAtDoors = ({ policy }: Call, rules: readonly string[]): boolean =>
  policy.rules.some(
    ({ name, gates, enforcement }) =>
      enforcement !== "disabled" && gates.includes("deployment") && rules.includes(name),
  );

/** Whether any rule of the override is asked at an open pull request too. */
const isAtMerge = ({ policy, context }: Call, rules: readonly string[]): boolean =>
  context.state === "open" &&
  policy.rules.some(
    ({ name, gates, enforcement }) =>
      enforcement !== "disabled" && gates.includes("pull_request") && rules.includes(name),
  );

const forOne = (
  deployment: WaitingDeployment | null,
  isAtDoors: boolean,
  isAtMerge: boolean,
): string =>
  deployment === null
    ? isAtDoors
      ? " Of deployments it lets exactly one through, to whichever environment: the first that needs it. One that you ask for yourself needs somebody else's confirmation besides."
      : ""
    : ` It is for the one deployment to ${inert(deployment.environment)} that waits (${deployment.id}), and for no other${isAtMerge ? ", nor for the merge: for that begin the reason with `merge`" : ""}.`;

const detailRules = (detail: Readonly<Record<string, unknown>>): readonly unknown[] =>
  Array.isArray(detail["rules"]) ? detail["rules"] : [];

export const override: Command = {
  name: "override",
  usage: "<override or rule> <reason>",
  summary:
    "Lets rules through for this commit, for a while, for a reason; the verdicts stay what they are.",
  who: "as the override's `by` says",
  grants: overrideGrants,
  run: (call) => {
    const { word, rest } = firstWord(call.rest);
    const choice = chooseOverride(call, word);
    if (choice === undefined) return undefined;
    return choice.kind === "refused"
      ? choice.outcome
      : askOverride(call, { chosen: choice.chosen, reason: rest, label: null });
  },
};

export const emergency: Command = {
  name: "emergency",
  usage: "<reason>",
  summary: "The override named emergency, in one word.",
  who: "as the override's `by` says",
  grants: (policy) => overrideGrants(policy).filter((grant) => grant.of === "emergency"),
  run: (call) => {
    const choice = chooseOverride(call, "emergency");
    if (choice === undefined) return undefined;
    return choice.kind === "refused"
      ? choice.outcome
      : askOverride(call, { chosen: choice.chosen, reason: call.rest, label: null });
  },
};
