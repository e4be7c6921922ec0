import { isReason, ticketIn } from "#core/overrides/reason.ts";
import type { Act } from "#core/model/act.ts";
import { boundDeployment } from "#core/overrides/bound-deployment.ts";
import { askedIn, type OverrideAsked, type WaitingDeployment } from "#core/overrides/request.ts";
import { overdueReview } from "#core/overrides/review-due.ts";
import { inert } from "#core/text/markdown.ts";
import { overrideStanding } from "#core/render/override.ts";
import { instant } from "#core/text/time.ts";
import { actOf } from "./acts.ts";
import { firstWord } from "./arguments.ts";
import { boundCommit, headMoved } from "./bound-commit.ts";
import { done, refused, type Call, type Command, type Outcome } from "./command.ts";
import { nobodyToConfirm } from "./confirmers-left.ts";
import { hadHandInChange } from "./hand-in-change.ts";
import { confirmRequest, requestsOf } from "./override-requests.ts";
import { chooseOverride, overrideGrants, type ChosenOverride } from "./override-choice.ts";

/** How it is asked for: by a command, or by a label whose reason is what was said next. */
export interface OverrideWish {
  readonly chosen: ChosenOverride;
  readonly reason: string;
  readonly label: string | null;
  /** When that label was put on, by GitHub's clock (epoch ms). */
  readonly labelAt?: number | undefined;
}

/** Grants or takes down a wish for an override by somebody who may. */
export function askOverride(
  call: Call,
  { chosen, reason, label, labelAt }: OverrideWish,
): Outcome | undefined {
  const { definition, rules } = chosen;
  const name = inert(definition.name);
  if (call.place.state === "closed")
    return refused(
      "The pull request was closed without being merged: there is nothing to let through.",
    );
  const sha = boundCommit(call);
  if (sha === null) return refused(headMoved);
  const deployment = boundDeployment(call.policy, call.deployments, sha, { rules, reason });
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
  if (before !== undefined) return refused(overrideStanding(before, call.place.owner, "before"));
  if (!isReason(reason))
    return refused(`An override needs a reason: \`/gate override ${definition.name} <reason>\`.`);
  const ticket = ticketIn(reason);
  if (definition.ticket === "required" && ticket === null)
    return refused(`The reason for ${name} must carry an issue or ticket, such as #12 or OPS-34.`);
  const overdue = overdueReview(call.reviews, definition.name, call.now);
  if (overdue !== null) {
    const where = overdue.issue === null ? "" : ` (#${overdue.issue})`;
    return refused(
      `The review of an earlier ${name} is overdue since ${instant(overdue.dueAt ?? 0)}${where}. Until somebody has done it, this override is refused in the repository.`,
    );
  }
  const wrote = hadHandInChange(call);
  if (wrote === undefined) return undefined;
  const asked: OverrideAsked = {
    rules,
    ticket,
    label,
    labelAt: labelAt ?? null,
    wrote,
    deployment,
  };
  const act = actOf(call, "override", { sha, name: definition.name, reason, detail: { ...asked } });
  const request = requestsOf({ ...call, acts: [...call.acts, act] }).find(
    (each) => each.act.id === act.id,
  );
  if (request === undefined) return done([act]);
  const trouble = nobodyToConfirm(call, request);
  return trouble === undefined
    ? undefined
    : done(
        [act],
        `${overrideStanding(request, call.place.owner, "new")}${forOne(deployment, isAtDoors(call, rules))}${trouble}`,
      );
}

/** Whether an earlier request is for the deployment that is meant now; one that still waits for a person is, as long as its own waits. */
function isForSame(
  act: Act,
  deployment: WaitingDeployment | null,
  { deployments }: Call,
  isWaiting: boolean,
): boolean {
  const bound = askedIn(act).deployment ?? null;
  if (bound?.id === deployment?.id) return true;
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

const forOne = (deployment: WaitingDeployment | null, isAtDoors: boolean): string =>
  deployment === null
    ? isAtDoors
      ? " Of deployments it lets exactly one through, to whichever environment: the first that needs it."
      : ""
    : ` It is for the one deployment to ${inert(deployment.environment)} that waits (${deployment.id}), and for no other.`;

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
