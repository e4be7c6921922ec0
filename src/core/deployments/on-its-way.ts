import type { DeploymentRow, OutsideQuestion } from "#core/model/deployment.ts";
import { isOfRun } from "./history.ts";
import { waitsAtMostMs } from "./longest-wait.ts";
import { hasFailed } from "./proof.ts";

/**
 * Callers of the API repeat a question within minutes while they wait, and deploy as soon as they may; no event
 * tells what came of it.
 */
const asksAgainWithinMs = 15 * 60_000;
const actsWithinMs = 60 * 60_000;

function isAskedLately(
  { gateAnswer, gateAnsweredAt }: DeploymentRow,
  { askedAt }: OutsideQuestion,
  now: number,
): boolean {
  if (gateAnsweredAt === null) return now - askedAt <= asksAgainWithinMs;
  return gateAnswer === "approved" && now - gateAnsweredAt <= actsWithinMs;
}

/**
 * Whether it failed by the word of somebody else than its deployer alone: it goes on for all that is known. Its run tells
 * when it is over; where none does, the word is believed after an hour.
 */
function isOnlyBlamed(row: DeploymentRow, now: number): boolean {
  const { blamedAt, endedAt } = row.told ?? {};
  if (blamedAt === undefined || endedAt !== undefined || !hasFailed(row)) return false;
  return row.runId !== null || now - blamedAt <= actsWithinMs;
}

/**
 * Whether a deployment may still reach its environment: it waits for this gate, was let through, or runs. A
 * deployment that never asked and never began (created through the API, for example) competes with none.
 */
export function isOnItsWay(row: DeploymentRow, now: number): boolean {
  if (row.question !== undefined) return isAskedLately(row, row.question, now);
  if (row.succeededAt !== null || row.state === "inactive") return false;
  const isBlamed = isOnlyBlamed(row, now);
  if (hasFailed(row) && !isBlamed) return false;
  if (now - row.createdAt > waitsAtMostMs || row.gateAnswer === "rejected") return false;
  if (row.state === "in_progress" || (isBlamed && row.startedAt !== null)) return true;
  if (row.gateRequestedAt !== null && row.gateAnsweredAt === null) return true;
  if (row.gateAnswer !== "approved") return false;
  // A deployer outside may never say what became of it.
  return isOfRun(row) || now - (row.gateAnsweredAt ?? 0) <= actsWithinMs;
}
