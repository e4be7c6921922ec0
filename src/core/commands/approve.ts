import { commandSpan } from "#core/text/command-text.ts";
import { inert } from "#core/text/markdown.ts";
import { actOf } from "./acts.ts";
import { approverGrants, everyApprover } from "./approvers.ts";
import { approvals, barsContributors } from "#core/rules/approvals/rule.ts";
import { leavesAt } from "./environment-rules.ts";
import { hadHandIfReadable } from "./hand-in-change.ts";
import { conditionIn } from "./condition.ts";
import { firstWord, looksLikeSha } from "./arguments.ts";
import { grantWords, mayStop, mayUse, toRole } from "./authority.ts";
import { done, refused, type Call, type Command } from "./command.ts";
import { deploymentCommit } from "./deployment-commit.ts";
import { environmentArgument, noMore } from "./environment-argument.ts";
import { sameEnvironment } from "#core/deployments/environment.ts";
import { isReason } from "#core/overrides/reason.ts";

interface Target {
  readonly environment: string;
  /** As it was said; null where no commit was said. */
  readonly sha: string | null;
  /** The reason, where it can be nothing else. */
  readonly rest: string;
  readonly isDelimited: boolean;
}

/** `<environment> [sha] …`: a second word that looks like a commit is one. A button says both itself, in no grammar. */
function targetOf(call: Call): Target | { readonly says: string } | undefined {
  if (call.deployment !== undefined)
    return { ...call.deployment, rest: call.rest, isDelimited: true };
  const environment = environmentArgument(call, call.rest);
  if (environment === undefined || "says" in environment) return environment;
  const second = firstWord(environment.rest);
  const isSha = looksLikeSha(second.word);
  return {
    environment: environment.name,
    sha: isSha ? second.word : null,
    rest: isSha ? second.rest : environment.rest,
    isDelimited: isSha || environment.isDelimited,
  };
}

/** Whether a deployment of the commit waits there: a word about anything else changes nothing. */
const waits = ({ deployments }: Call, environment: string, sha: string): boolean =>
  deployments.some(
    (row) =>
      row.sha === sha &&
      sameEnvironment(row.environment, environment) &&
      row.gateRequestedAt !== null &&
      row.gateAnsweredAt === null,
  );

function askedForNoApproval({ policy }: Call, environment: string): string | null {
  return leavesAt(policy, environment, approvals.name).length > 0
    ? null
    : `No rule of the policy asks for an approval of deployments to ${inert(environment)}: there is nothing to approve.`;
}

/**
 * Why an approval ahead of its deployment would count for nothing; null where it may count. A deployment that waits
 * is judged at once, and that judgement tells whose approval counted. `undefined` while something has not been
 * read.
 */
function countsForNothing(call: Call, environment: string): string | null | undefined {
  const none = askedForNoApproval(call, environment);
  if (none !== null || call.context.number === null) return none;
  if (
    !leavesAt(call.policy, environment, approvals.name).every(({ leaf }) =>
      barsContributors(leaf.raw),
    )
  )
    return null;
  const wrote = hadHandIfReadable(call);
  if (wrote === undefined) return undefined;
  return wrote
    ? `You had a hand in this change, so your approval of its deployment to ${inert(environment)} does not count: somebody else has to give it.`
    : null;
}

/** What an approval of an open pull request's head is good for: the merge makes another commit of it. */
function aheadOfMerge({ context }: Call, environment: string, sha: string): string | null {
  return context.state === "open" && sha === context.headSha
    ? `This is for a deployment of \`${sha.slice(0, 7)}\` itself to ${inert(environment)}. What the merge makes of it is another commit, for which it does not count: say ${commandSpan("approve", environment)} again once the pull request is merged.`
    : null;
}

export const approve: Command = {
  name: "approve",
  usage: "<environment> [sha]",
  summary: "Approves the deployment of this commit to an environment.",
  who: "as `approvals` says",
  grants: everyApprover,
  run: (call) => {
    const target = targetOf(call);
    if (target === undefined) return undefined;
    if ("says" in target) return refused(target.says);
    const more = noMore(call, { ...target, name: target.environment });
    if (more !== null) return refused(more);
    const condition = conditionIn(target.rest);
    if (condition !== null)
      return refused(
        `${condition} Say ${commandSpan("approve", target.environment, target.sha ?? "")} when it may go out.`,
      );
    const grants = approverGrants(call.policy, target.environment);
    const may = mayUse(call, grants);
    if (may === undefined) return undefined;
    if (!may)
      return refused(
        `Only ${grantWords(grants, call.context.owner)} may approve ${inert(target.environment)}.`,
      );
    const commit = deploymentCommit(call, target.environment, target.sha);
    if ("says" in commit) return refused(commit.says);
    const isAtTheDoor = waits(call, target.environment, commit.sha);
    const inVain = isAtTheDoor
      ? askedForNoApproval(call, target.environment)
      : countsForNothing(call, target.environment);
    if (inVain === undefined) return undefined;
    if (inVain !== null) return refused(inVain);
    return done(
      [
        actOf(call, "approve", {
          environment: target.environment,
          sha: commit.sha,
          reason: target.rest,
          detail: isAtTheDoor ? { tallied: true } : {},
        }),
      ],
      isAtTheDoor ? null : aheadOfMerge(call, target.environment, commit.sha),
    );
  },
};

export const reject: Command = {
  name: "reject",
  usage: "<environment> <reason>",
  summary: "Rejects the deployment of this commit that waits at an environment.",
  who: "write",
  grants: () => [toRole("write")],
  run: (call) => {
    const target = targetOf(call);
    if (target === undefined) return undefined;
    if ("says" in target) return refused(target.says);
    const grants = [toRole("write"), ...approverGrants(call.policy, target.environment)];
    const may = mayStop(call, grants);
    if (may === undefined) return undefined;
    if (!may)
      return refused(
        `Only ${grantWords(grants, call.context.owner)} may reject a deployment to ${inert(target.environment)}.`,
      );
    if (!isReason(target.rest))
      return refused(
        `A rejection needs a reason: ${commandSpan("reject", target.environment, "<reason>")}.`,
      );
    const commit = deploymentCommit(call, target.environment, target.sha);
    if ("says" in commit) return refused(commit.says);
    if (!waits(call, target.environment, commit.sha))
      return refused(
        `Nothing of \`${commit.sha.slice(0, 7)}\` waits for ${inert(target.environment)}: a rejection ends what waits, and nothing else.`,
      );
    return done([
      actOf(call, "reject", {
        environment: target.environment,
        sha: commit.sha,
        reason: target.rest,
      }),
    ]);
  },
};
