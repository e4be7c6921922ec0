import { inert } from "../render/markdown.ts";
import { actOf } from "./acts.ts";
import { approverGrants, everyApprover } from "./approvers.ts";
import { firstWord, looksLikeSha } from "./arguments.ts";
import { grantWords, mayUse, toRole } from "./authority.ts";
import { done, refused, type Call, type Command } from "./command.ts";
import { deploymentCommit } from "./deployment-commit.ts";
import { knownEnvironment } from "./environment-rules.ts";
import { isReason } from "../overrides/reason.ts";

interface Target {
  readonly environment: string;
  /** As it was said; null where no commit was said. */
  readonly sha: string | null;
  readonly reason: string;
}

/** `<environment> [sha] …`: a second word that looks like a commit is one. */
function targetOf(call: Call): Target | { readonly says: string } | undefined {
  const first = firstWord(call.rest);
  const environment = knownEnvironment(call, first.word);
  if (environment === undefined || "says" in environment) return environment;
  const second = firstWord(first.rest);
  const isSha = looksLikeSha(second.word);
  return {
    environment: environment.name,
    sha: isSha ? second.word : null,
    reason: isSha ? second.rest : first.rest,
  };
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
    const grants = approverGrants(call.policy, target.environment);
    const may = mayUse(call, grants);
    if (may === undefined) return undefined;
    if (!may)
      return refused(
        `Only ${grantWords(grants, call.place.owner)} may approve ${inert(target.environment)}.`,
      );
    const commit = deploymentCommit(call, target.environment, target.sha);
    if ("says" in commit) return refused(commit.says);
    return done([
      actOf(call, "approve", {
        environment: target.environment,
        sha: commit.sha,
        reason: target.reason,
      }),
    ]);
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
    const may = mayUse(call, grants);
    if (may === undefined) return undefined;
    if (!may)
      return refused(
        `Only ${grantWords(grants, call.place.owner)} may reject a deployment to ${inert(target.environment)}.`,
      );
    if (!isReason(target.reason))
      return refused("A rejection needs a reason: `/gate reject <environment> <reason>`.");
    const commit = deploymentCommit(call, target.environment, target.sha);
    if ("says" in commit) return refused(commit.says);
    return done([
      actOf(call, "reject", {
        environment: target.environment,
        sha: commit.sha,
        reason: target.reason,
      }),
    ]);
  },
};
