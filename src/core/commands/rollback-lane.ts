import { newestSuccess } from "#core/deployments/newest-success.ts";
import { isProvenSuccess } from "#core/deployments/proof.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { actorNames } from "#core/people/who-is-among.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { commandSpan } from "#core/text/command-text.ts";
import { either, short } from "#core/text/phrases.ts";
import { approverGrants } from "./approvers.ts";
import { toRole } from "./authority.ts";

/** The way back from a commit in an environment. Plain text, but for the command. */
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

/** Who may roll an environment back, and the command that marks it. `rows`: what is known of the environment; `sha`: what it goes back from. */
export function rollbackLane(
  policy: EffectivePolicy,
  owner: string,
  { environment, sha }: Pick<DeploymentRow, "environment" | "sha">,
  rows: readonly DeploymentRow[],
  reason: string,
): RollbackLane {
  const to = newestSuccess(rows.filter((row) => row.sha !== sha && isProvenSuccess(row)))?.sha;
  const grants = [toRole("write"), ...approverGrants(policy, environment)];
  return {
    environment,
    who: either([...new Set(grants.flatMap(({ actors }) => actorNames(actors, owner)))]),
    command:
      to === undefined
        ? null
        : commandSpan("rollback", environment, `to ${short(to)} ${plainReason(reason)}`),
    to: to ?? null,
    workflow: policy.rollbackWorkflow,
  };
}
