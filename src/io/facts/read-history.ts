import type { DeploymentRow } from "../../core/model/deployment.ts";
import { heardAt } from "../../core/events/heard-at.ts";
import { newRow, withStatus } from "../../core/rollout/history.ts";
import { sameEnvironment } from "../../core/rollout/environment.ts";
import type { Clock, RepositoryRecord, Store } from "../../core/ports.ts";
import type { GitHub } from "../github/client.ts";
import { readRecentDeployments, readStatuses } from "../github/deployments.ts";
import type { ExpiringCache } from "./expiring-cache.ts";

/** The deployments that rules look back over; older ones are history. */
const lookedBack = 200;
/** How many deployments are asked of GitHub where the record is silent, and of how many of them the outcome. */
const askedBack = 30;
const outcomesAsked = 6;

/** What GitHub was asked lately, so that a waiting deployment does not ask again at every turn. */
export type AskedLately = ExpiringCache<true>;

const isSettled = (row: DeploymentRow): boolean =>
  row.succeededAt !== null || row.state === "failure" || row.state === "error";

/** How the environment is spelt in the record. */
async function spelling(
  store: Store,
  repository: RepositoryRecord,
  environment: string,
): Promise<string> {
  const known = await store.deployments.environments(repository.id);
  return (
    known.find((name) => name === environment) ??
    known.find((name) => sameEnvironment(name, environment)) ??
    environment
  );
}

/** What is asked of GitHub where the record is silent. */
interface Silence {
  readonly environment: string;
  /** Only deployments of this commit; null for any, until one is found that succeeded. */
  readonly sha: string | null;
}

/** Enters into the record what GitHub knows. Events that come meanwhile lose nothing: statuses add up in any order. */
async function complete(
  github: GitHub,
  repository: RepositoryRecord,
  store: Store,
  clock: Clock,
  { environment, sha }: Silence,
): Promise<void> {
  const ours = (said: number): number =>
    heardAt(said, { now: clock.now(), ahead: github.toServerTime(0) }, Number.POSITIVE_INFINITY);
  const seen = await readRecentDeployments(github, repository, environment, sha, askedBack);
  let asked = 0;
  for (const { deploymentId, creator, ...each } of seen) {
    if (asked >= outcomesAsked) return;
    const known = await store.deployments.row(repository.id, deploymentId, each.environment);
    if (known === null || !isSettled(known)) {
      asked += 1;
      const statuses = await readStatuses(github, repository, deploymentId);
      const row = await store.deployments.change(
        { repository: repository.id, deploymentId, environment: each.environment },
        (before) =>
          statuses.reduce(
            (known, { state, at }) => withStatus(known, { state, at: ours(at) }),
            before ??
              newRow({
                repository: repository.id,
                deploymentId,
                ...each,
                createdAt: ours(each.createdAt),
                runId: null,
                actor: creator,
              }),
          ),
      );
      if (row?.succeededAt === null || row === null) continue;
    } else if (known.succeededAt === null) continue;
    return;
  }
}

/** Earlier deployments by environment and commit; the house hears of each by webhook and asks GitHub only where it did not. */
export interface History {
  /** Everything known of an environment, newest first; at least the newest success where there is one. */
  readonly ofEnvironment: (environment: string) => Promise<readonly DeploymentRow[]>;
  /** The same, with the outcome of the commit's newest deployment there. */
  readonly withOutcomeOf: (environment: string, sha: string) => Promise<readonly DeploymentRow[]>;
  /** The commit's deployments there. */
  readonly ofCommit: (environment: string, sha: string) => Promise<readonly DeploymentRow[]>;
}

export function createHistory(
  github: GitHub,
  repository: RepositoryRecord,
  store: Store,
  clock: Clock,
  asked: AskedLately,
): History {
  const look = async (environment: string): Promise<readonly DeploymentRow[]> =>
    store.deployments.inEnvironment(
      repository.id,
      await spelling(store, repository, environment),
      lookedBack,
    );
  const ask = (silence: Silence): Promise<true> =>
    asked.get(
      `${repository.installationId}:${repository.id}:${silence.environment.toLowerCase()}:${silence.sha ?? ""}`,
      async () => {
        await complete(github, repository, store, clock, silence);
        return true;
      },
    );
  const ofCommit = async (environment: string, sha: string): Promise<readonly DeploymentRow[]> =>
    (await store.deployments.ofSha(repository.id, sha)).filter((row) =>
      sameEnvironment(row.environment, environment),
    );
  return {
    ofEnvironment: async (environment) => {
      const rows = await look(environment);
      if (rows.some((row) => row.succeededAt !== null)) return rows;
      await ask({ environment, sha: null });
      return look(environment);
    },
    withOutcomeOf: async (environment, sha) => {
      const newest = (await look(environment)).find((row) => row.sha === sha);
      if (newest === undefined || !isSettled(newest)) await ask({ environment, sha });
      return look(environment);
    },
    ofCommit: async (environment, sha) => {
      const rows = await ofCommit(environment, sha);
      if (rows.some((row) => row.succeededAt !== null)) return rows;
      await ask({ environment, sha });
      return ofCommit(environment, sha);
    },
  };
}
