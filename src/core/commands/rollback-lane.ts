import { lastKnownGood } from "#core/deployments/rollback.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { commandSpan } from "#core/text/command-text.ts";
import { short } from "#core/text/phrases.ts";
import { approverGrants } from "./approvers.ts";
import { grantWords, toRole } from "./authority.ts";

/** The way back from what runs in an environment. Words are inert Markdown. */
export interface RollbackLane {
  readonly environment: string;
  /** Who may start it. */
  readonly who: string;
  /** What they say, as a code span; null: no commit is known to go back to. */
  readonly command: string | null;
  /** The commit that it goes back to. */
  readonly to: string | null;
  /** The workflow that deploys it; null: the policy names none. */
  readonly workflow: string | null;
}

/** What stands in a command as its reason: one line without marks that a reader of Markdown or of commands may take for more. */
const plainReason = (reason: string): string =>
  reason
    .replaceAll(/[^\p{L}\p{N} ./:_-]+/gu, " ")
    .replaceAll(/ +/g, " ")
    .trim()
    .slice(0, 120) || "it has to go back";

/** Who may roll an environment back, and the command that marks it. `rows`: what is known of the environment. */
export function rollbackLane(
  policy: EffectivePolicy,
  owner: string,
  environment: string,
  rows: readonly DeploymentRow[],
  reason: string,
): RollbackLane {
  const to = lastKnownGood(rows, environment)?.sha ?? null;
  return {
    environment,
    who: grantWords([toRole("write"), ...approverGrants(policy, environment)], owner),
    command:
      to === null
        ? null
        : commandSpan("rollback", environment, `to ${short(to)} ${plainReason(reason)}`),
    to,
    workflow: policy.rollbackWorkflow,
  };
}
