import { rollbackHistory } from "#core/facts/deployments.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { isReason } from "#core/overrides/reason.ts";
import { commandSpan } from "#core/text/command-text.ts";
import { inert } from "#core/text/markdown.ts";
import { sameEnvironment } from "#core/deployments/environment.ts";
import { isProvenSuccess } from "#core/deployments/proof.ts";
import { lastKnownGood } from "#core/deployments/rollback.ts";
import { actOf } from "./acts.ts";
import { approverGrants, everyApprover } from "./approvers.ts";
import { commitFor, firstWord, looksLikeSha } from "./arguments.ts";
import { grantWords, mayUse, toRole } from "./authority.ts";
import { done, refused, type Call, type Command, type Outcome } from "./command.ts";
import { environmentArgument } from "./environment-argument.ts";

/** `[to <sha>] <reason>`. */
function toCommit(text: string): { readonly said: string | null; readonly reason: string } {
  const first = firstWord(text);
  if (first.word.toLowerCase() !== "to") return { said: null, reason: text };
  const second = firstWord(first.rest);
  return looksLikeSha(second.word)
    ? { said: second.word, reason: second.rest }
    : { said: null, reason: text };
}

/** Why there is nothing to go back to. */
function noSuch(said: string | null, there: readonly DeploymentRow[], where: string): string {
  if (said === null)
    return `No earlier commit is known to have run in ${where}: say which, with \`to <sha>\`.`;
  const ranPastUs = there.some(
    (row) => row.succeededAt !== null && row.sha.startsWith(said.toLowerCase()),
  );
  return ranPastUs
    ? `The commit ${inert(said, 64)} went to ${where} past this gate, which proves nothing: only what the gate let through, or what ran before the gate was installed, takes the fast lane.`
    : `The commit ${inert(said, 64)} never ran successfully in ${where}: only what did takes the fast lane.`;
}

function mark(call: Call, environment: string, text: string): Outcome | undefined {
  const { said, reason } = toCommit(text);
  const where = inert(environment);
  if (!isReason(reason))
    return refused(
      `A roll back needs a reason: ${commandSpan("rollback", environment, "[to <sha>] <reason>")}.`,
    );
  const history = call.ask(rollbackHistory.need({ environment, sha: said }));
  if (history === undefined) return undefined;
  const there = history.filter((row) => sameEnvironment(row.environment, environment));
  const sha =
    said === null
      ? (lastKnownGood(there, environment)?.sha ?? null)
      : commitFor(
          said,
          there.filter(isProvenSuccess).map((row) => row.sha),
        );
  if (sha === null) return refused(noSuch(said, there, where));
  const { rollbackWorkflow } = call.policy;
  const start =
    rollbackWorkflow === null
      ? `Deploy \`${sha.slice(0, 7)}\` to ${where}`
      : `Start the workflow ${inert(rollbackWorkflow)} for \`${sha.slice(0, 7)}\``;
  return done(
    [actOf(call, "rollback", { environment, sha, reason })],
    `↩️ ${inert(`@${call.actor.login}`)} marked \`${sha.slice(0, 7)}\` for a roll back of ${where}: ${inert(reason, 600)}. ${start}; it takes the fast lane.`,
  );
}

export const rollback: Command = {
  name: "rollback",
  usage: "<environment> [to <sha>] <reason>",
  summary: "Marks a commit that ran there before: its deployment takes the fast lane.",
  who: "`approvals` people, write",
  grants: (policy) => [toRole("write"), ...everyApprover(policy)],
  run: (call) => {
    const environment = environmentArgument(call, call.rest);
    if (environment === undefined) return undefined;
    if ("says" in environment) return refused(environment.says);
    const grants = [toRole("write"), ...approverGrants(call.policy, environment.name)];
    const may = mayUse(call, grants);
    if (may === undefined) return undefined;
    return may
      ? mark(call, environment.name, environment.rest)
      : refused(
          `Only ${grantWords(grants, call.context.owner)} may roll ${inert(environment.name)} back.`,
        );
  },
};
