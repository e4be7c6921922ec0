import { heardAt } from "#core/events/local-instant.ts";
import { approvedAtGitHub, isApprovedAtGitHub } from "#core/deployments/answered-at-github.ts";
import { isByActions } from "#core/deployments/by-actions.ts";
import { isOfRun, newRow, withOrigin, withStatus } from "#core/deployments/history.ts";
import { provesSuccess, type HistoryView } from "#core/deployments/proof.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { DeploymentSeen } from "#core/ports/github.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Store } from "#core/ports/store.ts";
import type { Clock } from "#core/ports/system.ts";
import type { GitHub } from "../client/client.ts";
import { readApprovalsGiven } from "../read/approvals-given.ts";
import { readDeployment, readRecentDeployments, readStatuses } from "../read/deployments.ts";
import { readOnceSucceeded } from "../read/once-succeeded.ts";
import { createExpiringCache, type ExpiringCache } from "./expiring-cache.ts";

/** How many deployments are read from GitHub if the record has none. */
export const askedBack = 30;
/** Of how many more that succeeded once the outcome is asked, where none of those is proven to have run there. */
const olderAsked = 20;
/** The newest of an environment, and of a commit there, that are asked of GitHub whatever the record knows. */
export const newestAsked = 10;
const mostOfCommit = 5;
/** Many that wait for one environment ask once. */
export const renewedWithinMs = 10_000;

/** A repository's deployments at GitHub and in the record. */
export interface Both {
  readonly github: GitHub;
  readonly repository: RepositoryRecord;
  readonly store: Pick<Store, "deployments">;
  readonly clock: Clock;
  readonly words: Renewals["words"];
  /** Where it is given, GitHub is asked whether this App approved what nothing else proves. */
  readonly view?: () => Promise<HistoryView>;
}

/** The deployment that is judged. */
export interface Own {
  readonly environment: string;
  readonly deploymentId: number;
}

export const isSettled = (row: DeploymentRow): boolean =>
  row.succeededAt !== null || row.state === "failure" || row.state === "error";

/** What is read from GitHub if the record lacks it. */
export interface Silence {
  readonly environment: string;
  /** Only deployments of this commit; null for any. */
  readonly sha: string | null;
  /** The newest of those at GitHub. */
  readonly seen: readonly DeploymentSeen[];
  /** Whether what was found is enough; then nothing older is looked at. */
  readonly isEnough: (found: readonly DeploymentRow[]) => boolean;
  /** Of how many deployments the outcome is asked at most. */
  readonly outcomes: number;
}

/**
 * Enters into the record what GitHub knows. Events that come meanwhile lose nothing: statuses add up in any order. true: it
 * was enough, or nothing older is there that could be.
 */
export async function complete(
  both: Both,
  { environment, sha, seen, isEnough, outcomes }: Silence,
): Promise<boolean> {
  const { github, repository, store } = both;
  let asked = 0;
  const found: DeploymentRow[] = [];
  for (const each of seen) {
    if (isEnough(found)) return true;
    if (asked >= outcomes) break;
    const known = await store.deployments.row(repository.id, each.deploymentId, each.environment);
    if (known !== null && isSettled(known)) {
      found.push(known);
      continue;
    }
    asked += 1;
    const row = await enter(both, each);
    noteWord(both.words, each);
    if (row !== null) found.push(row);
  }
  if (isEnough(found) || (seen.length < askedBack && asked < outcomes)) return true;
  if (sha !== null) return false;
  const older = await readOnceSucceeded(github, repository, environment);
  if (older === null) return false;
  const unasked = older.ids.filter((id) => found.every((row) => row.deploymentId !== id));
  for (const id of unasked.slice(0, olderAsked)) {
    const one = await readDeployment(github, repository, id);
    const row = one === null ? null : await enter(both, one);
    if (row !== null && isEnough([...found, row])) return true;
  }
  return older.isWhole && unasked.length <= olderAsked;
}

const inOurs =
  ({ github, clock }: Pick<Both, "github" | "clock">) =>
  (said: number): number =>
    heardAt(said, { now: clock.now(), ahead: github.toServerTime(0) }, Number.POSITIVE_INFINITY);

/** What GitHub says became of one deployment, entered into the record. */
async function enter(
  both: Both,
  { deploymentId, creator, environment, sha, ref, createdAt }: DeploymentSeen,
): Promise<DeploymentRow | null> {
  const { github, repository, store } = both;
  const ours = inOurs(both);
  const statuses = await readStatuses(github, repository, deploymentId);
  let isNew = false;
  const entered = await store.deployments.change(
    { repository: repository.id, deploymentId, environment },
    (before) => {
      isNew = before === null;
      const heard =
        before ??
        newRow({
          repository: repository.id,
          deploymentId,
          environment,
          sha,
          ref,
          createdAt: ours(createdAt),
          runId: null,
          actor: creator,
        });
      const row = withOrigin(heard, {
        runId: heard.runId ?? statuses.find(({ runId }) => runId !== null)?.runId ?? null,
      });
      // A deployment of GitHub Actions' is a job's, be the run's number known or not.
      const isJobs =
        isOfRun(row) ||
        isByActions({ creator, via: null }) ||
        statuses.some(({ byActions }) => byActions);
      return statuses
        .filter(({ state, byActions }) => state !== "success" || byActions || !isJobs)
        .reduce((so, status) => withStatus(so, { ...status, at: ours(status.at) }), row);
    },
  );
  return isNew && entered !== null ? withOwnAnswer(both, entered) : entered;
}

/** Nobody ever heard of it: it may have been approved since the backup that was put back. */
async function withOwnAnswer(
  { github, repository, store, view }: Both,
  row: DeploymentRow,
): Promise<DeploymentRow | null> {
  const { runId, succeededAt, environment, sha } = row;
  if (view === undefined || runId === null || succeededAt === null) return row;
  if (provesSuccess(row, await view())) return row;
  const given = await readApprovalsGiven(github, repository, runId, environment);
  const rows = await store.deployments.ofSha(repository.id, sha);
  if (given === null || !isApprovedAtGitHub(row, rows, given)) return row;
  return store.deployments.change(row, (before) => before && approvedAtGitHub(before));
}

/** What this process asked lately of what the record knows already. */
export interface Renewals {
  /** GitHub's `updated_at` of each deployment whose statuses were read, by its number. */
  readonly words: Map<number, number>;
  /** Whether the record changed by it, so that deployments that wait for one environment ask once. */
  readonly lately: ExpiringCache<boolean>;
}
const mostWordsSeen = 20_000;

export const createRenewals = (clock: Clock): Renewals => ({
  words: new Map(),
  lately: createExpiringCache<boolean>(clock, renewedWithinMs, 5_000),
});

function noteWord(words: Renewals["words"], { deploymentId, updatedAt }: DeploymentSeen): void {
  if (updatedAt !== undefined) words.set(deploymentId, updatedAt);
  for (const oldest of words.keys()) {
    if (words.size <= mostWordsSeen) break;
    words.delete(oldest);
  }
}

/** GitHub's instants are whole seconds, and it updates the status and the deployment one after the other. */
const sameMomentMs = 2_000;

/** Whether GitHub may know a status of the deployment that the record lacks. */
function hasNews(
  seen: DeploymentSeen,
  known: DeploymentRow | null,
  words: Renewals["words"],
  ours: (said: number) => number,
): boolean {
  const { updatedAt } = seen;
  if (known === null || updatedAt === undefined) return true;
  if (words.get(seen.deploymentId) === updatedAt) return false;
  const heard = Math.max(known.createdAt, known.startedAt ?? 0, known.finishedAt ?? 0);
  return ours(updatedAt) > heard + sameMomentMs;
}

/**
 * Asks what became of the newest deployments to an environment, and of the newest of these commits, also where the
 * record knows: what happened after the last word that was delivered. true: the record is another one now.
 */
export async function renew(
  both: Both,
  environment: string,
  newest: readonly DeploymentSeen[],
  shas: readonly string[],
  own: Own,
): Promise<boolean> {
  const { github, repository, store, words } = both;
  const ours = inOurs(both);
  const older = shas.filter((sha) => newest.every((each) => each.sha !== sha));
  const ofCommits = await Promise.all(
    // Where the record and the newest know none, what was found silent before stays so.
    older.map(async (sha) =>
      newest.length < newestAsked
        ? []
        : readRecentDeployments(github, repository, environment, sha, mostOfCommit),
    ),
  );
  let isMoved = false;
  for (const seen of [...newest, ...ofCommits.flat()]) {
    const { deploymentId } = seen;
    // The deployment that is judged has no outcome yet: it waits for this very answer.
    if (deploymentId === own.deploymentId) continue;
    const before = await store.deployments.row(repository.id, deploymentId, seen.environment);
    if (!hasNews(seen, before, words, ours)) continue;
    const after = await enter(both, seen);
    noteWord(words, seen);
    isMoved ||= wordOn(before) !== wordOn(after);
  }
  return isMoved;
}

/** The parts of a deployment that rules look at, as one text. */
const wordOn = (row: DeploymentRow | null): string =>
  JSON.stringify(row === null ? null : [row.state, row.finishedAt, row.succeededAt, row.told]);
