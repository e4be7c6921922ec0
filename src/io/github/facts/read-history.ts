import { z } from "zod";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { heardAt } from "#core/events/local-instant.ts";
import { isByActions } from "#core/deployments/by-actions.ts";
import { isOfRun, newRow, withOrigin, withStatus } from "#core/deployments/history.ts";
import {
  bypassId,
  isProvenSuccess,
  markUnproven,
  type HistoryView,
} from "#core/deployments/proof.ts";
import { firstLookKey } from "#core/record/first-look-key.ts";
import { sameEnvironment } from "#core/deployments/environment.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Store } from "#core/ports/store.ts";
import type { Clock } from "#core/ports/system.ts";
import type { GitHub } from "../client/client.ts";
import { orAbsent } from "../client/or-absent.ts";
import { asRepository } from "../client/requests.ts";
import { readRecentDeployments, readStatuses } from "../read/deployments.ts";
import type { ExpiringCache } from "./expiring-cache.ts";

/** The deployments that rules look back over; older ones are history. */
const lookedBack = 200;
/** How many deployments are asked of GitHub where the record is silent, and of how many of them the outcome. */
const askedBack = 30;
const outcomesAsked = 6;

/** What GitHub was asked lately, so that a waiting deployment does not ask again at every turn. */
export type AskedLately = ExpiringCache<true>;

/** For a person who asks, more is looked at. */
const outcomesForPeople = 20;

const isSettled = (row: DeploymentRow): boolean =>
  row.succeededAt !== null || row.state === "failure" || row.state === "error";

/** What is asked of GitHub where the record is silent. */
interface Silence {
  readonly environment: string;
  /** Only deployments of this commit; null for any. */
  readonly sha: string | null;
  /** Whether what was found is enough; then nothing older is looked at. */
  readonly isEnough: (found: readonly DeploymentRow[]) => boolean;
  /** Of how many deployments the outcome is asked at most. */
  readonly outcomes: number;
}

/** Enters into the record what GitHub knows. Events that come meanwhile lose nothing: statuses add up in any order. */
async function complete(
  github: GitHub,
  repository: RepositoryRecord,
  store: Store,
  clock: Clock,
  { environment, sha, isEnough, outcomes }: Silence,
): Promise<void> {
  const ours = (said: number): number =>
    heardAt(said, { now: clock.now(), ahead: github.toServerTime(0) }, Number.POSITIVE_INFINITY);
  const seen = await readRecentDeployments(github, repository, environment, sha, askedBack);
  let asked = 0;
  const found: DeploymentRow[] = [];
  for (const { deploymentId, creator, ...each } of seen) {
    if (asked >= outcomes || isEnough(found)) return;
    const known = await store.deployments.row(repository.id, deploymentId, each.environment);
    if (known !== null && isSettled(known)) {
      found.push(known);
      continue;
    }
    asked += 1;
    const statuses = await readStatuses(github, repository, deploymentId);
    const row = await store.deployments.change(
      { repository: repository.id, deploymentId, environment: each.environment },
      (before) => {
        const heard =
          before ??
          newRow({
            repository: repository.id,
            deploymentId,
            ...each,
            createdAt: ours(each.createdAt),
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
    if (row !== null) found.push(row);
  }
}

/** Earlier deployments by environment and commit; Gatehouse hears of each by webhook and asks GitHub only where it did not. */
export interface History {
  /** Everything known of an environment, newest first; at least the newest proven success where there is one. */
  readonly ofEnvironment: (environment: string) => Promise<readonly DeploymentRow[]>;
  /** The same, and what deployers outside ask there: some of it may be on its way. */
  readonly withQuestions: (environment: string) => Promise<readonly DeploymentRow[]>;
  /** What was deployed, with the outcome of the commit's newest deployment there. */
  readonly withOutcomeOf: (environment: string, sha: string) => Promise<readonly DeploymentRow[]>;
  /** The commit's deployments there. */
  readonly ofCommit: (environment: string, sha: string) => Promise<readonly DeploymentRow[]>;
  /** For a person who looks for a commit to go back to: `sha` as it was said, or null for what ran there last. */
  readonly forRollback: (
    environment: string,
    sha: string | null,
  ) => Promise<readonly DeploymentRow[]>;
}

export interface HistoryReading {
  readonly github: GitHub;
  readonly repository: RepositoryRecord;
  readonly store: Store;
  readonly clock: Clock;
  readonly asked: AskedLately;
  readonly judges: HistoryView["judges"];
}

/** When the gate first looked at the repository; where nobody noted it, that is now. */
async function firstLookOf(
  { records }: Store,
  repository: RepositoryRecord,
  now: number,
): Promise<number> {
  const key = firstLookKey(repository.id);
  const noted = await records.getValue(key);
  if (noted !== null) return Number(noted);
  await records.setValue(key, String(now));
  return now;
}

const isDeployment = ({ question }: DeploymentRow): boolean => question === undefined;

const commitNamed = z.object({ sha: z.string() });

export function createHistory(reading: HistoryReading): History {
  const { github, repository, store, clock, asked, judges } = reading;
  const marked = async (rows: readonly DeploymentRow[]): Promise<readonly DeploymentRow[]> => {
    if (rows.length === 0) return rows;
    const acts = await store.acts.find({ repository: repository.id, kinds: ["bypass"] });
    const bypasses = new Set(acts.map(({ id }) => id));
    return markUnproven(rows, {
      firstLookAt: await firstLookOf(store, repository, clock.now()),
      isBypass: (row) => bypasses.has(bypassId(row)),
      judges,
    });
  };
  const all = async (environment: string): Promise<readonly DeploymentRow[]> =>
    marked(await store.deployments.inEnvironment(repository.id, environment, lookedBack));
  // A question is no deployment: as the newest of its commit it would hide what became of that.
  const look = async (environment: string): Promise<readonly DeploymentRow[]> =>
    (await all(environment)).filter(isDeployment);
  const ask = (
    environment: string,
    sha: string | null,
    isEnough: (rows: readonly DeploymentRow[]) => boolean,
    outcomes = outcomesAsked,
  ): Promise<true> =>
    asked.get(
      `${repository.installationId}:${repository.id}:${environment.toLowerCase()}:${sha ?? ""}:${outcomes}`,
      async () => {
        const view = {
          firstLookAt: await firstLookOf(store, repository, clock.now()),
          isBypass: () => false,
          judges,
        };
        await complete(github, repository, store, clock, {
          environment,
          sha,
          isEnough: (rows) => isEnough(markUnproven(rows, view)),
          outcomes,
        });
        return true;
      },
    );
  const ofCommit = async (environment: string, sha: string): Promise<readonly DeploymentRow[]> =>
    marked(
      (await store.deployments.ofSha(repository.id, sha)).filter(
        (row) => isDeployment(row) && sameEnvironment(row.environment, environment),
      ),
    );
  const hasSuccess = (rows: readonly DeploymentRow[]): boolean => rows.some(isProvenSuccess);
  const fullSha = async (said: string): Promise<string | null> => {
    const request = github.endpoint("GET /repos/{owner}/{repo}/commits/{ref}", {
      owner: repository.owner,
      repo: repository.name,
      ref: said,
    });
    const found = await orAbsent(github.rest(asRepository(repository), request, commitNamed));
    return found === null || !found.data.sha.startsWith(said.toLowerCase()) ? null : found.data.sha;
  };
  return {
    ofEnvironment: async (environment) => {
      const rows = await look(environment);
      if (hasSuccess(rows)) return rows;
      await ask(environment, null, hasSuccess);
      return look(environment);
    },
    withQuestions: async (environment) => {
      const rows = await look(environment);
      if (!hasSuccess(rows)) await ask(environment, null, hasSuccess);
      return all(environment);
    },
    withOutcomeOf: async (environment, sha) => {
      const newest = (await look(environment)).find((row) => row.sha === sha);
      if (newest === undefined || !isSettled(newest))
        await ask(environment, sha, (rows) => rows.some((row) => row.succeededAt !== null));
      return look(environment);
    },
    ofCommit: async (environment, sha) => {
      const rows = await ofCommit(environment, sha);
      if (hasSuccess(rows)) return rows;
      await ask(environment, sha, hasSuccess);
      return ofCommit(environment, sha);
    },
    forRollback: async (environment, said) => {
      const known = await look(environment);
      if (said === null) {
        const twice = (rows: readonly DeploymentRow[]): boolean =>
          new Set(rows.filter(isProvenSuccess).map(({ sha }) => sha)).size > 1;
        if (twice(known)) return known;
        await ask(environment, null, twice, outcomesForPeople);
        return look(environment);
      }
      const isSaid = ({ sha }: DeploymentRow): boolean => sha.startsWith(said.toLowerCase());
      if (hasSuccess(known.filter(isSaid))) return known;
      const sha = await fullSha(said);
      if (sha === null) return [];
      await ask(environment, sha, hasSuccess, outcomesForPeople);
      return ofCommit(environment, sha);
    },
  };
}
