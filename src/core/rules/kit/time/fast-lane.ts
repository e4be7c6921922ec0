import { sameCommitDeployments } from "../../../facts/deployments.ts";
import type { DeploymentRow } from "../../../model/deployment.ts";
import type { Subject } from "../../../model/subject.ts";
import type { Verdict } from "../../../model/verdict.ts";
import { skipped } from "../../../model/verdict.ts";
import { instant } from "../../../text/time.ts";
import { knownGood } from "../../../deployments/rollback.ts";
import type { Ask } from "../../../facts/ask.ts";
import { short } from "../../../text/phrases.ts";

/**
 * The earlier success that lets this deployment pass by order, bake and window; null where it has none. `undefined`
 * while the history has not been read.
 */
export function fastLane(subject: Subject, ask: Ask): DeploymentRow | null | undefined {
  if (subject.kind !== "deployment") return null;
  const rows = ask(sameCommitDeployments.need());
  return rows && knownGood(rows, subject);
}

/** The verdict of a rule that a roll back passes by. */
export function passedBy(before: DeploymentRow, required: string): Verdict {
  return skipped({
    found: `roll back: ${short(before.sha)} ran in ${before.environment} before (succeeded ${instant(before.succeededAt ?? before.createdAt)})`,
    required,
  });
}
