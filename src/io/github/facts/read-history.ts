import { z } from "zod";
import { asClaimed } from "#core/deployments/history.ts";
import { sameEnvironment } from "#core/deployments/environment.ts";
import {
  bypassId,
  isProvenSuccess,
  markUnproven,
  type HistoryView,
} from "#core/deployments/proof.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { DeploymentSeen } from "#core/ports/github.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Store } from "#core/ports/store.ts";
import type { Clock } from "#core/ports/system.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import { orAbsent } from "../client/or-absent.ts";
import { asRepository } from "../client/requests.ts";
import { readRecentDeployments } from "../read/deployments.ts";
import type { ExpiringCache } from "./expiring-cache.ts";
import { firstLookOf } from "./first-look-of.ts";
import {
  askedBack,
  complete,
  createRenewals,
  isSettled,
  newestAsked,
  renew,
  renewedWithinMs,
  type Both,
  type Own,
  type Renewals,
} from "./record-deployments.ts";
import { settleRuns } from "./settle-runs.ts";
import { markTriedAgain } from "./tried-again.ts";

/** For how many deployments GitHub is asked for the outcome that the record lacks. */
const outcomesAsked = 6;

/** So many later deployments are looked through for what took the place of one that ran long ago. */
const mostSince = 2_000;

/** What GitHub was asked lately, so that a waiting deployment does not ask again at every turn. */
export type AskedLately = ExpiringCache<boolean>;

/** More are looked at when a person asks. */
const outcomesForPeople = 20;

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
  /** Approved questions of deployers outside about the commit there. */
  readonly yesesOf: (environment: string, sha: string) => Promise<readonly DeploymentRow[]>;
  /** Notes that the verdict depends on what ran there, so that GitHub is asked for its outcome as for other environments. */
  readonly standOn: (environment: string) => void;
  /**
   * Asks GitHub what became of the newest deployments to each environment that was looked at, but for the one deployed to,
   * where only a verdict that depends on it (`standOn`) is worth the call; true: the record is another one now, and what was
   * read of it is to be read anew.
   */
  readonly hasMoved: (own: Own) => Promise<boolean>;
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
  /** Left out where nobody asks whether the record has moved. */
  readonly renewals?: Renewals;
  readonly judges: HistoryView["judges"];
}

const isDeployment = ({ question }: DeploymentRow): boolean => question === undefined;

const commitNamed = z.object({ sha: z.string() });

export function createHistory(reading: HistoryReading): History {
  const { github, repository, store, clock, asked, judges } = reading;
  const { words, lately } = reading.renewals ?? createRenewals(clock);
  const both: Both = { github, repository, store, clock, words, view: () => viewOf() };
  /** Environments that were looked at, and the commits that were looked for there. */
  const lookedAt = new Map<string, Set<string>>();
  /** Environments on whose past the verdict depends. */
  const stoodOn = new Set<string>();
  /** What GitHub listed of an environment where the record was silent, so that before the verdict it is not listed again. */
  const listed = new Map<
    string,
    { readonly seen: readonly DeploymentSeen[]; readonly at: number }
  >();
  const list = async (environment: string): Promise<readonly DeploymentSeen[]> => {
    const at = clock.now();
    const seen = await readRecentDeployments(github, repository, environment, null, askedBack);
    listed.set(environment.toLowerCase(), { seen, at });
    return seen;
  };
  const newestOf = async (environment: string): Promise<readonly DeploymentSeen[]> => {
    const held = listed.get(environment);
    return held !== undefined && Math.abs(clock.now() - held.at) < renewedWithinMs
      ? held.seen.slice(0, newestAsked)
      : readRecentDeployments(github, repository, environment, null, newestAsked);
  };
  const noteLook = (environment: string, sha: string | null): void => {
    const name = environment.toLowerCase();
    const shas = lookedAt.get(name) ?? new Set();
    if (sha !== null) shas.add(sha);
    lookedAt.set(name, shas);
  };
  const viewOf = async (): Promise<HistoryView> => {
    const acts = await store.acts.find({ repository: repository.id, kinds: ["bypass"] });
    const bypasses = new Set(acts.map(({ id }) => id));
    return {
      firstLookAt: await firstLookOf(store, repository, clock.now()),
      isBypass: (row) => bypasses.has(bypassId(row)),
      judges,
    };
  };
  const marked = async (rows: readonly DeploymentRow[]): Promise<readonly DeploymentRow[]> =>
    rows.length === 0 ? rows : markUnproven(rows, await viewOf());
  const all = async (environment: string): Promise<readonly DeploymentRow[]> => {
    noteLook(environment, null);
    return marked(await store.deployments.lookBack(repository.id, environment));
  };
  // A question is no deployment: as the newest of its commit it would hide what became of that.
  const look = async (environment: string): Promise<readonly DeploymentRow[]> =>
    (await all(environment)).filter(isDeployment);
  const ask = (
    environment: string,
    sha: string | null,
    isEnough: (rows: readonly DeploymentRow[]) => boolean,
    outcomes = outcomesAsked,
  ): Promise<boolean> =>
    asked.get(
      `${repository.installationId}:${repository.id}:${environment.toLowerCase()}:${sha ?? ""}:${outcomes}`,
      async () => {
        const view = await viewOf();
        return complete(both, {
          environment,
          sha,
          seen:
            sha === null
              ? await list(environment)
              : await readRecentDeployments(github, repository, environment, sha, askedBack),
          isEnough: (rows) => isEnough(markUnproven(rows, view)),
          outcomes,
        });
      },
    );
  /** All that is known there. That nothing ever ran there is said only where all of it was looked at. */
  const known = async (environment: string): Promise<readonly DeploymentRow[]> => {
    const rows = await all(environment);
    if (hasSuccess(rows.filter(isDeployment))) return rows;
    const isWhole = await ask(environment, null, hasSuccess);
    const after = await all(environment);
    if (
      !isWhole &&
      !after.map(asClaimed).some((row) => isDeployment(row) && row.succeededAt !== null)
    )
      throw new GitHubError(
        "incomplete",
        `of the deployments to ${environment} none that was looked at is proven to have run there, and older ones were not looked at`,
      );
    return after;
  };
  const ofCommit = async (environment: string, sha: string): Promise<readonly DeploymentRow[]> => {
    noteLook(environment, sha);
    return marked(
      (await store.deployments.ofSha(repository.id, sha)).filter(
        (row) => isDeployment(row) && sameEnvironment(row.environment, environment),
      ),
    );
  };
  /** All that is looked back over, and the commit's own deployments however old, with what took their place since. */
  const withCommit = async (
    environment: string,
    sha: string,
  ): Promise<readonly DeploymentRow[]> => {
    const seen = await look(environment);
    const isSeen = new Set(seen.map(({ deploymentId }) => deploymentId));
    const own = await ofCommit(environment, sha);
    const lost = own.filter(({ deploymentId }) => !isSeen.has(deploymentId));
    if (lost.length === 0) return seen;
    const ran = await marked(
      await store.deployments.inEnvironment(repository.id, environment, mostSince, "succeeded"),
    );
    const back = ran.at(-1)?.createdAt ?? 0;
    if (ran.length >= mostSince && lost.every(({ createdAt }) => createdAt < back))
      throw new GitHubError(
        "incomplete",
        `more than ${mostSince} deployments to ${environment} succeeded since ${sha.slice(0, 7)} was deployed there`,
      );
    const rows = [...seen, ...own, ...ran].map((row) => [row.deploymentId, row] as const);
    return [...new Map(rows).values()].toSorted(
      (a, b) => b.createdAt - a.createdAt || b.deploymentId - a.deploymentId,
    );
  };
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
    ofEnvironment: async (environment) => (await known(environment)).filter(isDeployment),
    withQuestions: known,
    standOn: (environment) => void stoodOn.add(environment.toLowerCase()),
    hasMoved: async (own) => {
      const doubtful = [...lookedAt].filter(
        ([environment]) =>
          stoodOn.has(environment) || !sameEnvironment(environment, own.environment),
      );
      const moves = doubtful.map(([environment, shas]) => {
        const sought = [...shas].sort();
        return lately.get(
          `${repository.installationId}:${repository.id}:${environment}:${sought.join(" ")}`,
          async () => renew(both, environment, await newestOf(environment), sought, own),
        );
      });
      return (await Promise.all(moves)).includes(true);
    },
    withOutcomeOf: async (environment, sha) => {
      noteLook(environment, sha);
      const newest = (await look(environment)).find((row) => row.sha === sha);
      if (newest === undefined || !isSettled(newest))
        await ask(environment, sha, (rows) => rows.some((row) => row.succeededAt !== null));
      const own = await ofCommit(environment, sha);
      await settleRuns(github, repository, { store, clock }, own);
      return markTriedAgain(github, repository, await withCommit(environment, sha), {
        sha,
        now: clock.now(),
      });
    },
    ofCommit: async (environment, sha) => {
      const rows = await ofCommit(environment, sha);
      if (hasSuccess(rows)) return rows;
      await ask(environment, sha, hasSuccess);
      return ofCommit(environment, sha);
    },
    yesesOf: async (environment, sha) =>
      (await store.deployments.ofSha(repository.id, sha)).filter(
        (row) =>
          !isDeployment(row) &&
          row.gateAnswer === "approved" &&
          sameEnvironment(row.environment, environment),
      ),
    forRollback: async (environment, said) => {
      const seen = await look(environment);
      if (said === null) {
        const twice = (rows: readonly DeploymentRow[]): boolean =>
          new Set(rows.filter(isProvenSuccess).map(({ sha }) => sha)).size > 1;
        if (twice(seen)) return seen;
        await ask(environment, null, twice, outcomesForPeople);
        return look(environment);
      }
      const isSaid = ({ sha }: DeploymentRow): boolean => sha.startsWith(said.toLowerCase());
      if (hasSuccess(seen.filter(isSaid))) return seen;
      const sha = await fullSha(said);
      if (sha === null) return [];
      await ask(environment, sha, hasSuccess, outcomesForPeople);
      return ofCommit(environment, sha);
    },
  };
}
