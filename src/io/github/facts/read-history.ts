import { z } from "zod";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { heardAt } from "#core/events/local-instant.ts";
import { isByActions } from "#core/deployments/by-actions.ts";
import { isOfRun, newRow, someRan, withOrigin, withStatus } from "#core/deployments/history.ts";
import {
  bypassId,
  isProvenSuccess,
  markUnproven,
  type HistoryView,
} from "#core/deployments/proof.ts";
import type { DeploymentSeen } from "#core/ports/github.ts";
import { firstAskedKey, firstLookKey } from "#core/record/first-look-key.ts";
import { sameEnvironment } from "#core/deployments/environment.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Store } from "#core/ports/store.ts";
import type { Clock } from "#core/ports/system.ts";
import type { GitHub } from "../client/client.ts";
import { orAbsent } from "../client/or-absent.ts";
import { asRepository } from "../client/requests.ts";
import { GitHubError } from "../client/github-error.ts";
import { readDeployment, readRecentDeployments, readStatuses } from "../read/deployments.ts";
import { readOnceSucceeded } from "../read/once-succeeded.ts";
import { createExpiringCache, type ExpiringCache } from "./expiring-cache.ts";

/** The deployments that rules look back over; of older ones only what ran, or was let through, matters. */
const lookedBack = 200;
const ranBack = 50;
/** How many deployments are asked of GitHub where the record is silent, and of how many of them the outcome. */
const askedBack = 30;
const outcomesAsked = 6;
/** Of how many more that succeeded once the outcome is asked, where none of those is proven to have run there. */
const olderAsked = 20;
/** The newest of an environment, and of a commit there, that are asked of GitHub whatever the record knows. */
const newestAsked = 10;
const mostOfCommit = 5;
/** Many that wait for one environment ask once. */
const renewedWithinMs = 10_000;

/** What GitHub was asked lately, so that a waiting deployment does not ask again at every turn. */
export type AskedLately = ExpiringCache<boolean>;

/** For a person who asks, more is looked at. */
const outcomesForPeople = 20;

const isSettled = (row: DeploymentRow): boolean =>
  row.succeededAt !== null || row.state === "failure" || row.state === "error";

/** What is asked of GitHub where the record is silent. */
interface Silence {
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
async function complete(
  github: GitHub,
  repository: RepositoryRecord,
  store: Store,
  clock: Clock,
  words: Renewals["words"],
  { environment, sha, seen, isEnough, outcomes }: Silence,
): Promise<boolean> {
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
    const row = await enter(github, repository, store, clock, each);
    noteWord(words, each);
    if (row !== null) found.push(row);
  }
  if (isEnough(found) || (seen.length < askedBack && asked < outcomes)) return true;
  if (sha !== null) return false;
  const older = await readOnceSucceeded(github, repository, environment);
  if (older === null) return false;
  const unasked = older.ids.filter((id) => found.every((row) => row.deploymentId !== id));
  for (const id of unasked.slice(0, olderAsked)) {
    const one = await readDeployment(github, repository, id);
    const row = one === null ? null : await enter(github, repository, store, clock, one);
    if (row !== null && isEnough([...found, row])) return true;
  }
  return older.isWhole && unasked.length <= olderAsked;
}

const inOurs =
  (github: GitHub, clock: Clock) =>
  (said: number): number =>
    heardAt(said, { now: clock.now(), ahead: github.toServerTime(0) }, Number.POSITIVE_INFINITY);

/** What GitHub says became of one deployment, entered into the record. */
async function enter(
  github: GitHub,
  repository: RepositoryRecord,
  store: Store,
  clock: Clock,
  { deploymentId, creator, environment, sha, ref, createdAt }: DeploymentSeen,
): Promise<DeploymentRow | null> {
  const ours = inOurs(github, clock);
  const statuses = await readStatuses(github, repository, deploymentId);
  return store.deployments.change(
    { repository: repository.id, deploymentId, environment },
    (before) => {
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
}

/** What this process asked lately of what the record knows already. */
export interface Renewals {
  /** GitHub's `updated_at` of each deployment whose statuses were read, by its number. */
  readonly words: Map<number, number>;
  /** Whether the record was another one afterwards: those who wait for one environment ask once. */
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

/** GitHub tells by the second, and notes the status and the deployment one after the other. */
const sameMomentMs = 2_000;

/** Whether there is a word on the deployment that the record may lack. */
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
async function renew(
  github: GitHub,
  repository: RepositoryRecord,
  store: Store,
  clock: Clock,
  words: Renewals["words"],
  environment: string,
  newest: readonly DeploymentSeen[],
  shas: readonly string[],
  own: Own,
): Promise<boolean> {
  const ours = inOurs(github, clock);
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
    const after = await enter(github, repository, store, clock, seen);
    noteWord(words, seen);
    isMoved ||= wordOn(before) !== wordOn(after);
  }
  return isMoved;
}

/** What rules make of a deployment. */
const wordOn = (row: DeploymentRow | null): string =>
  JSON.stringify(row === null ? null : [row.state, row.finishedAt, row.succeededAt]);

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
  /** Questions of deployers outside about the commit there that got a yes. */
  readonly yesesOf: (environment: string, sha: string) => Promise<readonly DeploymentRow[]>;
  /** Says that the verdict depends on what ran there: then what became of that is asked as of other environments. */
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

/** The deployment that is judged. */
export interface Own {
  readonly environment: string;
  readonly deploymentId: number;
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

/**
 * Until when what ran in an environment is history: the gate judged nothing there before it was asked for the first time,
 * which may be long after it first looked at the repository. Kept once it is known: rows are forgotten in time.
 */
async function judgedSince(
  store: Store,
  repository: RepositoryRecord,
  environment: string,
  now: number,
): Promise<number> {
  const firstLook = await firstLookOf(store, repository, now);
  const key = firstAskedKey(repository.id, environment);
  const noted = await store.records.getValue(key);
  if (noted !== null) return Math.max(firstLook, Number(noted));
  const asked = await store.deployments.firstAsked(repository.id, environment);
  if (asked === null) return firstLook;
  const kept = await store.records.changeValue(key, (before) =>
    before === null ? String(asked) : null,
  );
  return Math.max(firstLook, Number(kept ?? asked));
}

/** When the gate first looked at the repository; where nobody noted it, that is now. */
async function firstLookOf(
  { records }: Store,
  repository: RepositoryRecord,
  now: number,
): Promise<number> {
  const key = firstLookKey(repository.id);
  return Number(await records.changeValue(key, (noted) => noted ?? String(now)));
}

const isDeployment = ({ question }: DeploymentRow): boolean => question === undefined;

const commitNamed = z.object({ sha: z.string() });

export function createHistory(reading: HistoryReading): History {
  const { github, repository, store, clock, asked, judges } = reading;
  const { words, lately } = reading.renewals ?? createRenewals(clock);
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
  const marked = async (
    environment: string,
    rows: readonly DeploymentRow[],
  ): Promise<readonly DeploymentRow[]> => {
    if (rows.length === 0) return rows;
    const acts = await store.acts.find({ repository: repository.id, kinds: ["bypass"] });
    const bypasses = new Set(acts.map(({ id }) => id));
    return markUnproven(rows, {
      firstLookAt: await judgedSince(store, repository, environment, clock.now()),
      isBypass: (row) => bypasses.has(bypassId(row)),
      judges,
    });
  };
  const all = async (environment: string): Promise<readonly DeploymentRow[]> => {
    noteLook(environment, null);
    const { deployments } = store;
    const read = await Promise.all([
      deployments.inEnvironment(repository.id, environment, lookedBack),
      deployments.inEnvironment(repository.id, environment, ranBack, "succeeded"),
      deployments.inEnvironment(repository.id, environment, ranBack, "approved"),
    ]);
    const rows = new Map(read.flat().map((row) => [`${row.deploymentId} ${row.environment}`, row]));
    return marked(
      environment,
      [...rows.values()].sort(
        (a, b) => b.createdAt - a.createdAt || b.deploymentId - a.deploymentId,
      ),
    );
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
        const view = {
          firstLookAt: await judgedSince(store, repository, environment, clock.now()),
          isBypass: () => false,
          judges,
        };
        return complete(github, repository, store, clock, words, {
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
    if (!isWhole && !someRan(after.filter(isDeployment)))
      throw new GitHubError(
        "incomplete",
        `of the deployments to ${environment} none that was looked at is proven to have run there, and older ones were not looked at`,
      );
    return after;
  };
  const ofCommit = async (environment: string, sha: string): Promise<readonly DeploymentRow[]> => {
    noteLook(environment, sha);
    return marked(
      environment,
      (await store.deployments.ofSha(repository.id, sha)).filter(
        (row) => isDeployment(row) && sameEnvironment(row.environment, environment),
      ),
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
          async () =>
            renew(
              github,
              repository,
              store,
              clock,
              words,
              environment,
              await newestOf(environment),
              sought,
              own,
            ),
        );
      });
      return (await Promise.all(moves)).includes(true);
    },
    withOutcomeOf: async (environment, sha) => {
      noteLook(environment, sha);
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
