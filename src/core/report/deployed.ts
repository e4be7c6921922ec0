import type { DeploymentRow } from "#core/model/deployment.ts";
import { isQuestion } from "#core/model/subject.ts";
import { hasFailed } from "#core/deployments/proof.ts";

/**
 * One deployment as the figures count it: a commit that went to an environment. Runs of the same run again, with nothing
 * else in between, are tries of one deployment. Instants are epoch ms.
 */
export interface Deployed {
  readonly environment: string;
  readonly sha: string;
  /** In the order in which they were made; the last tells how it ended. */
  readonly tries: readonly [DeploymentRow, ...DeploymentRow[]];
  readonly askedAt: number;
  /** When it succeeded; undefined where it did not. */
  readonly succeededAt: number | undefined;
  /** When it failed; undefined where it did not. */
  readonly failedAt: number | undefined;
  /** It went back to a commit that had run here before what was sent here last. */
  readonly isRollback: boolean;
  /** When a roll back replaced it although it had succeeded; undefined: none did. */
  readonly takenBackAt: number | undefined;
  /** The next success here after it failed or was taken back; undefined: none yet, or nothing to recover from. */
  readonly recoveredAt: number | undefined;
}

/** Whether it came so far that it changed the environment, or tried to: what the gate rejected and what waits did not. */
const hasRun = (row: DeploymentRow): boolean =>
  !isQuestion(row) &&
  (row.succeededAt !== null ||
    (hasFailed(row) && !(row.gateAnswer === "rejected" && row.startedAt === null)));

function inTries(rows: readonly DeploymentRow[]): readonly (readonly DeploymentRow[])[] {
  const found: DeploymentRow[][] = [];
  for (const row of rows) {
    const last = found.at(-1);
    const before = last?.at(-1);
    const isAgain =
      before !== undefined &&
      before.sha === row.sha &&
      before.runId !== null &&
      before.runId === row.runId;
    if (isAgain) last?.push(row);
    else found.push([row]);
  }
  return found;
}

type Ended = Omit<Deployed, "isRollback" | "takenBackAt" | "recoveredAt">;

function endedOf(tries: readonly DeploymentRow[]): Ended | undefined {
  const [first, ...more] = tries;
  if (first === undefined) return undefined;
  const last = more.at(-1) ?? first;
  const isFailed = hasFailed(last);
  return {
    environment: first.environment,
    sha: first.sha,
    tries: [first, ...more],
    askedAt: first.createdAt,
    succeededAt: isFailed ? undefined : (last.succeededAt ?? undefined),
    failedAt: isFailed ? (last.finishedAt ?? last.createdAt) : undefined,
  };
}

/** Whether each goes back: to a commit that ran here before what was sent here last. */
function goingBack(ended: readonly Ended[]): readonly boolean[] {
  const firstSent = new Map<string, number>();
  const lastRan = new Map<string, number>();
  return ended.map(({ sha, succeededAt }, index) => {
    const ran = lastRan.get(sha);
    let other = index - 1;
    while (other >= 0 && ended[other]?.sha === sha) other -= 1;
    const sent = firstSent.get(sha) ?? index;
    const otherSent = firstSent.get(ended[other]?.sha ?? "") ?? -1;
    firstSent.set(sha, sent);
    if (succeededAt !== undefined) lastRan.set(sha, index);
    return ran !== undefined && other > ran && sent < otherSent;
  });
}

/** What was deployed to one environment of one repository, in order, from all that is known of it. */
export function deployedIn(rows: readonly DeploymentRow[]): readonly Deployed[] {
  const ran = rows
    .filter(hasRun)
    .toSorted((a, b) => a.createdAt - b.createdAt || a.deploymentId - b.deploymentId);
  const ended = inTries(ran).flatMap((tries) => endedOf(tries) ?? []);
  const isBack = goingBack(ended);
  const found: Deployed[] = [];
  let nextSuccess: number | undefined;
  let rollback: { readonly sha: string; readonly at: number } | undefined;
  // From the newest to the oldest: what follows each is known then.
  for (let index = ended.length - 1; index >= 0; index -= 1) {
    const each = ended[index];
    if (each === undefined) continue;
    const { sha, succeededAt, failedAt } = each;
    const isRollback = isBack[index] === true;
    // Tries to roll back that failed stand between it and the roll back.
    const isReplaced = succeededAt !== undefined && rollback !== undefined && rollback.sha !== sha;
    const takenBackAt = isReplaced && !isRollback ? rollback?.at : undefined;
    found.push({
      ...each,
      isRollback,
      takenBackAt,
      recoveredAt: failedAt !== undefined || takenBackAt !== undefined ? nextSuccess : undefined,
    });
    if (succeededAt !== undefined) {
      nextSuccess = succeededAt;
      rollback = isRollback ? { sha, at: succeededAt } : undefined;
    } else if (rollback !== undefined && rollback.sha !== sha) rollback = undefined;
  }
  return found.toReversed();
}
