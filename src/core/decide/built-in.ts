import { approvals as approvalsRule } from "#core/rules/approvals/rule.ts";
import { notFrozen as notFrozenRule } from "#core/rules/not-frozen/rule.ts";
import { deploymentApprovals, recordedFreezes } from "#core/facts/deployment-approvals.ts";
import { deployment, knownEnvironment, type DeploymentFact } from "#core/facts/deployment.ts";
import { sameCommitDeployments } from "#core/facts/deployments.ts";
import type { RuleOutcome } from "#core/model/decision.ts";
import { type FactTable, type ListedFactRef, lookUp, type Need } from "#core/model/fact.ts";
import type { Override } from "#core/model/override.ts";
import { isQuestion, type DeploymentSubject } from "#core/model/subject.ts";
import { fail, pending, type Verdict } from "#core/model/verdict.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { unreadOf } from "#core/facts/read-table.ts";
import { boundLeaves } from "#core/policy/requirement.ts";
import { unreadable } from "#core/policy/unreadable.ts";
import { instant } from "#core/text/time.ts";
import { quoted } from "#core/text/phrases.ts";
import { commandSpan } from "#core/text/command-text.ts";
import { freezesEnvironment } from "#core/deployments/freezes-in-force.ts";
import { isHeldAsUngoverned } from "./governed.ts";
import { rejectionFor } from "./rejection.ts";
import { meantBy } from "./slip.ts";

// Reasons that hold or end a deployment whatever the policy's rules are. Each is listed only when it applies.

/** Rules that bind and looked at freezes here. */
function judgesOfFreezes(
  policy: EffectivePolicy,
  judged: readonly RuleOutcome[],
): readonly RuleOutcome[] {
  return judged.filter(({ name, enforcement, verdict }) => {
    const rule = policy.rules.find((each) => each.name === name);
    return (
      rule !== undefined &&
      enforcement === "active" &&
      verdict.kind !== "skipped" &&
      boundLeaves(rule.requirement).some((leaf) => leaf.name === notFrozenRule.name)
    );
  });
}

const valueOf = <Value>(facts: FactTable, need: Need<Value>): Value | undefined => {
  const result = lookUp(facts, need);
  return result?.ok === true ? result.value : undefined;
};

/** How much is read: everything that a final answer needs, or only what may show that the deployment has to wait. */
export type Look = "full" | "glance";

/**
 * Facts that are read for every deployment. The requester and the state of the run matter only for a final answer;
 * at a glance, only if the commit may come from a stranger.
 */
export function builtInNeeds(
  policy: EffectivePolicy,
  subject: DeploymentSubject,
  known: FactTable,
  look: Look,
): readonly Need<unknown>[] {
  const asked = look === "full" || isProposal(subject) ? [deployment.need()] : [];
  const isMarked =
    valueOf(known, deploymentApprovals.need())?.some((act) => act.kind === "rollback") === true;
  return [
    ...asked,
    deploymentApprovals.need(),
    recordedFreezes.need(),
    ...(isMarked ? [sameCommitDeployments.need()] : []),
    ...(slipOf(policy, subject) === null ? [] : [knownEnvironment.need()]),
  ];
}

const outcome = (name: string, description: string, verdict: Verdict): RuleOutcome => ({
  name,
  description,
  source: "repository",
  enforcement: "active",
  verdict,
});

/** An unreadable fact may be a rejection, so it holds (fail closed). Empty if it could be read. */
function unread(
  facts: FactTable,
  need: Need<unknown>,
  fact: ListedFactRef,
  named: { readonly name: string; readonly description: string; readonly required: string },
): readonly RuleOutcome[] {
  const missing = unreadOf(facts, [need]);
  return missing.length === 0
    ? []
    : [outcome(named.name, named.description, unreadable(missing, named.required, [fact]))];
}

/** Whether a rule already reports that the same acts cannot be read. */
function wordsAreMissed(policy: EffectivePolicy, judged: readonly RuleOutcome[]): boolean {
  return judged.some(({ name, enforcement, verdict, overridden }) => {
    const rule = policy.rules.find((each) => each.name === name);
    return (
      rule !== undefined &&
      enforcement === "active" &&
      overridden === undefined &&
      verdict.kind === "unknown" &&
      boundLeaves(rule.requirement).some((leaf) => leaf.name === approvalsRule.name)
    );
  });
}

const notRejected = {
  name: "not-rejected",
  description: "Nobody with the right rejected this deployment.",
  required: "no /gate reject",
} as const;
const notFrozen = {
  name: "not-frozen",
  description: "Nobody froze this environment.",
  required: "no freeze is on",
} as const;

const isProposal = ({ ref }: Pick<DeploymentSubject, "ref">): boolean =>
  ref.startsWith("refs/pull/");

/**
 * Code that nobody has reviewed: the test merge commit of a pull request, even of this repository's own branch, and
 * whatever a run of another repository's code deploys.
 */
function strangersCode(
  subject: DeploymentSubject,
  asked: DeploymentFact | undefined,
): readonly RuleOutcome[] {
  const isFork = asked?.fork === true;
  if (asked?.offRef === true)
    return [
      outcome(
        "own-code",
        "What deploys is a branch or tag of this repository.",
        pending({
          found: `${subject.sha.slice(0, 7)} is not on ${subject.ref}`,
          required: "a commit of a branch or tag of this repository",
          need: `${quoted(subject.ref, 60)} does not contain ${subject.sha.slice(0, 7)}`,
          next: isQuestion(subject)
            ? "The caller names the branch or tag that contains the commit (ref); a commit of a fork is brought into one first."
            : "Deploy a commit that is on the branch; a tag that bears the name of a branch is renamed or deleted.",
        }),
      ),
    ];
  if (!isFork && !isProposal(subject) && (asked === undefined || !isProposal(asked))) return [];
  return [
    outcome(
      "own-code",
      "What deploys is a branch or tag of this repository.",
      pending({
        found: isFork
          ? `${subject.ref}, from a fork`
          : `${subject.ref}, which GitHub makes of a pull request`,
        required: "a branch or tag of this repository",
        need: isFork
          ? "Code of a fork is held by default"
          : "A pull request's merge commit, which nobody reviewed, is held by default",
        next: "Somebody with write access brings the change into a branch of this repository and deploys that.",
      }),
    ),
  ];
}

function rejected(
  subject: DeploymentSubject,
  facts: FactTable,
  asked: DeploymentFact | undefined,
  now: number,
  isSaidBefore: boolean,
): readonly RuleOutcome[] {
  const words = valueOf(facts, deploymentApprovals.need());
  if (words === undefined)
    return isSaidBefore
      ? []
      : unread(facts, deploymentApprovals.need(), deploymentApprovals, notRejected);
  const act = rejectionFor(words, {
    environment: subject.environment,
    sha: subject.sha,
    now,
    requestedAt: asked?.createdAt ?? 0,
  });
  if (act === null) return [];
  const reason = act.reason === "" ? "" : `: ${act.reason}`;
  return [
    outcome(
      notRejected.name,
      notRejected.description,
      fail({
        found: `rejected ${instant(act.at)} by @${act.actor.login}${reason}`,
        required: notRejected.required,
        need: `Rejected by @${act.actor.login}${reason}`,
        next: "Deploy again when the reason is gone.",
      }),
    ),
  ];
}

/**
 * The environment that was probably meant by a question over the API: such names are typed by hand, and no
 * environment of that name need exist at GitHub.
 */
const slipOf = (policy: EffectivePolicy, subject: DeploymentSubject): string | null =>
  isQuestion(subject) ? meantBy(policy, subject.environment) : null;

const known = {
  name: "known-environment",
  description: "Rules name the environment.",
  required: "an environment that a rule names, that GitHub has, or that looks like none of those",
} as const;

/**
 * An environment that no rule names may be a typo or an attempt to avoid the rules, so the policy's maintainers
 * have to decide.
 */
function ungoverned(
  policy: EffectivePolicy,
  subject: DeploymentSubject,
  facts: FactTable,
): readonly RuleOutcome[] {
  const { environment } = subject;
  const held = (required: string, need: string, next: string): readonly RuleOutcome[] => [
    outcome(
      known.name,
      known.description,
      pending({ found: `no rule names ${quoted(environment, 60)}`, required, need, next }),
    ),
  ];
  const meant = slipOf(policy, subject);
  const like = meant === null ? "" : `, which looks like ${quoted(meant, 60)}`;
  if (isHeldAsUngoverned(policy, environment))
    return held(
      "an environment that a rule names (ungoverned_environments: hold)",
      `No rule names the environment ${quoted(environment, 60)}${like}`,
      "A maintainer of the policy adds a rule with this environment in its when, or the job deploys to the environment that was meant.",
    );
  if (meant === null) return [];
  const isKnown = lookUp(facts, knownEnvironment.need());
  if (isKnown?.ok === false) return unread(facts, knownEnvironment.need(), knownEnvironment, known);
  if (isKnown?.value === true) return [];
  return held(
    known.required,
    `No rule names the environment ${quoted(environment, 60)}${like}`,
    `The job deploys to the environment that was meant. If ${quoted(environment, 60)} is one of its own, somebody creates it in the repository's settings (Environments) and asks again, or a maintainer of the policy names it in the when of a rule.`,
  );
}

function frozenByPeople(
  subject: DeploymentSubject,
  facts: FactTable,
  now: number,
): readonly RuleOutcome[] {
  const freezes = valueOf(facts, recordedFreezes.need());
  if (freezes === undefined)
    return unread(facts, recordedFreezes.need(), recordedFreezes, notFrozen);
  const on = freezes.filter(
    (freeze) => freeze.from <= now && freezesEnvironment(freeze, subject.environment),
  );
  return on.map((freeze) => {
    const until = freeze.until === null ? "until further notice" : `until ${instant(freeze.until)}`;
    const found = `freeze ${freeze.name} is on ${until}, made by @${freeze.by.login}${freeze.reason === "" ? "" : `: ${freeze.reason}`}`;
    return outcome(
      notFrozen.name,
      notFrozen.description,
      pending({
        found,
        required: notFrozen.required,
        need: found,
        next: `Somebody who may freeze lifts it with ${commandSpan("unfreeze", freeze.name, "<reason>")}.`,
        ...(freeze.until === null ? {} : { changesAt: freeze.until }),
      }),
    );
  });
}

/** When the next freeze of the environment begins that a person made; undefined: none is known. */
export function freezeBegins(
  subject: DeploymentSubject,
  facts: FactTable,
  now: number,
): number | undefined {
  const coming = (valueOf(facts, recordedFreezes.need()) ?? [])
    .filter((freeze) => freeze.from > now && freezesEnvironment(freeze, subject.environment))
    .map(({ from }) => from);
  return coming.length === 0 ? undefined : Math.min(...coming);
}

/** Gatehouse's own outcomes on a deployment beside those of the rules; none where nothing stands against it. */
export function builtInOutcomes(
  policy: EffectivePolicy,
  subject: DeploymentSubject,
  facts: FactTable,
  now: number,
  judged: readonly RuleOutcome[],
  overrideOf: (rule: string) => Override | undefined,
): readonly RuleOutcome[] {
  const asked = valueOf(facts, deployment.need());
  // A freeze that a person made holds whatever the rules make of it: one that passes all the same (it has another way
  // to pass, does not apply here, or only tries itself out) opens nothing. An override of a rule on freezes does.
  const recorded = (): readonly RuleOutcome[] => {
    const judges = judgesOfFreezes(policy, judged);
    if (judges.some(({ verdict }) => verdict.kind !== "pass")) return [];
    const [overridden] = judges.flatMap(({ name }) => overrideOf(name) ?? []);
    return frozenByPeople(subject, facts, now).map((frozen) => ({
      ...frozen,
      ...(overridden === undefined ? {} : { overridden }),
    }));
  };
  return [
    ...rejected(subject, facts, asked, now, wordsAreMissed(policy, judged)),
    ...strangersCode(subject, asked),
    ...recorded(),
    ...ungoverned(policy, subject, facts),
  ];
}

/** What has to be said of the ref; the commit is judged, whatever its tag says by now. */
export function refWarnings(subject: DeploymentSubject, facts: FactTable): readonly string[] {
  const movedTo = valueOf(facts, deployment.need())?.movedTo ?? null;
  if (movedTo === null) return [];
  return [
    `ref-moved: ${subject.ref} stands at ${movedTo.slice(0, 7)} by now; what is judged and deployed is ${subject.sha.slice(0, 7)}, for which the deployment was asked.`,
  ];
}
