import { sameCommitDeployments } from "#core/facts/deployments.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { Subject } from "#core/model/subject.ts";
import { skipped, type Verdict } from "#core/model/verdict.ts";
import { instant } from "#core/text/time.ts";
import { knownGood } from "#core/deployments/rollback.ts";
import type { Ask } from "#core/facts/ask.ts";
import { short } from "#core/text/phrases.ts";

/**
 * The earlier success because of which order, bake and window do not apply to this roll back; null if there is
 * none. `undefined` while the history has not been read.
 */
export function fastLane(subject: Subject, ask: Ask): DeploymentRow | null | undefined {
  if (subject.kind !== "deployment") return null;
  const rows = ask(sameCommitDeployments.need());
  return rows && knownGood(rows, subject);
}

/** The verdict of a rule that does not apply to a roll back. */
export function passedBy(before: DeploymentRow, required: string): Verdict {
  return skipped({
    found: `roll back: ${short(before.sha)} ran in ${before.environment} before (succeeded ${instant(before.succeededAt ?? before.createdAt)})`,
    required,
  });
}
