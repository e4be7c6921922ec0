import type { DeploymentRow } from "#core/model/deployment.ts";
import { waitsAtMostMs } from "./longest-wait.ts";
import { hasFailed } from "./proof.ts";

/**
 * Whether a deployment may still reach its environment: it waits for this gate, was let through, or runs. What never
 * asked and never began (made through the API, say) is nobody's rival.
 */
export function isOnItsWay(row: DeploymentRow, now: number): boolean {
  if (row.succeededAt !== null || row.state === "inactive" || hasFailed(row)) return false;
  if (now - row.createdAt > waitsAtMostMs || row.gateAnswer === "rejected") return false;
  const waits = row.gateRequestedAt !== null && row.gateAnsweredAt === null;
  return waits || row.gateAnswer === "approved" || row.state === "in_progress";
}
