import { isOrganizationRepository } from "#core/policy/files.ts";
import type { PullRequestRow } from "#core/ports/pull-request.ts";
import type { Lease, WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Activity, ActivityQuestion } from "#core/sweep/activity.ts";
import { missedEvent } from "#core/sweep/missed-event.ts";
import { hasTurn } from "#core/sweep/runs-turn.ts";
import type { Deps } from "#flow/deps.ts";
import type { HandlerOf } from "#flow/jobs/define-job.ts";
import { activityJob } from "#flow/jobs/installation-jobs.ts";
import { judgeItem } from "#flow/jobs/judge-job.ts";
import { done } from "#flow/jobs/outcome.ts";
import { subjectOf } from "#flow/judge/waiting-deployments.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { compareActivity } from "./compare-activity.ts";
import { lookBehind } from "./look-behind.ts";
import type { Known, SweepPorts } from "./sweep-ports.ts";
import { keepSweepState, readSweepState, type SweepState } from "./sweep-state.ts";

/**
 * Every 200 seconds: late enough for a hundredth of the quota (18 sweeps an hour, two calls and six points each for
 * 200 open pull requests in 5,000 repositories, and one judgement at every fourth), and soon enough for five minutes with the judging and one failure.
 */
export const activityEveryMs = 200_000;

/** GitHub's search lags behind; what it named a moment too late is named again. */
const overlapMs = 5 * 60_000;
/** Without an earlier sweep: as far back as GitHub keeps deliveries. */
const firstLookMs = 3 * 86_400_000;
/** Merges lead to deployments: so long a repository is watched for them after something happened there. */
const livelyMs = 2 * 3_600_000;
/** Deployments so far back make a repository one that deploys. */
const deploysMs = 30 * 86_400_000;
/** Five calls of a hundred at most; beyond, everybody has a turn. */
const mostParts = 500;
const perCall = 100;
const perCallAfterTrouble = 25;

/** So long after it changed a pull request is asked for runs without a job at each look; of the others so many of a call have a turn. */
const youngMs = 10 * 60_000;
/** No more: with what a call asks anyhow, that rounds to no further point. */
const mostRunsAsked = 40;

const fewSubjects = 20;
/** Of many, one at every fourth sweep: a judgement costs two points. */
const turnEvery = 4;

/** Who has a turn where there are too many. */
function turnOf<T>(list: readonly T[], turn: number): readonly T[] {
  if (list.length <= mostParts) return list;
  const start = (turn * mostParts) % list.length;
  return [...list.slice(start), ...list.slice(0, start)].slice(0, mostParts);
}

/** What is asked in any case, and those in which nothing is known to go on: as many of them as a call carries, in turn. */
interface Watched {
  readonly watched: readonly RepositoryRecord[];
  readonly quiet: readonly RepositoryRecord[];
}

function watchedIn(
  { repositories, pulls, held }: Known,
  deploying: readonly number[],
  state: SweepState,
): Watched {
  const busy = new Set([
    ...pulls.map((row) => row.repository),
    ...held.map((row) => row.repository),
    ...deploying,
    ...Object.keys(state.lively).map(Number),
    ...[...repositories.values()].filter(isOrganizationRepository).map(({ id }) => id),
  ]);
  const asked = turnOf(
    [...busy].flatMap((id) => repositories.get(id) ?? []),
    state.turn,
  );
  const quiet = [...repositories.values()].filter(({ id }) => !busy.has(id));
  const room = perCall * callsFor(asked.length, Math.min(pulls.length, mostParts)) - asked.length;
  // No more than the calls that are made anyhow can carry: a further one would be another point.
  const most = quiet.length <= perCall ? perCall : Math.max(fewQuiet, room);
  const from = quiet.length <= most ? 0 : (state.turn * most) % quiet.length;
  const turn = [...quiet.slice(from), ...quiet.slice(0, from)].slice(0, most);
  const now = new Set(turn);
  return { watched: [...asked, ...turn], quiet: quiet.filter((one) => !now.has(one)) };
}

const fewQuiet = 20;
const callsFor = (...parts: readonly number[]): number =>
  Math.max(1, ...parts.map((number) => Math.ceil(number / perCall)));

function questionOf(
  installationId: number,
  owner: string,
  known: Known,
  watched: readonly RepositoryRecord[],
  asksThreads: ReadonlySet<number>,
  state: SweepState,
  now: number,
  tries: number,
): ActivityQuestion {
  const { repositories, pulls, held } = known;
  const placed = <T extends { readonly repository: number }, R>(
    list: readonly T[],
    make: (row: T, repository: RepositoryRecord) => R,
  ): readonly R[] =>
    list.flatMap((row) => {
      const repository = repositories.get(row.repository);
      return repository === undefined ? [] : [make(row, repository)];
    });
  const marked = (kind: string, { repository, number }: PullRequestRow): string | undefined =>
    state.marks[`${kind}:${repository}:${number}`];
  /** A new thread changes the pull request: one without any is asked again once it did. */
  const isBare = (row: PullRequestRow): boolean =>
    marked("pull", row) !== undefined && marked("bare", row) === marked("pull", row);
  return {
    installationId,
    owner,
    since: state.since ?? now - firstLookMs,
    pulls: turnOf(
      placed(pulls, (row, repository) => ({
        repository,
        number: row.number,
        threads: asksThreads.has(row.repository) && !isBare(row),
        deep: marked("deep", row) === "deep",
        queued: marked("queued", row) !== undefined,
        headSha: row.headSha,
        isYoung: now - Number(marked("changed", row) ?? 0) < youngMs,
      })),
      state.turn,
    ).map(({ headSha, isYoung, ...asked }, index, all) => ({
      ...asked,
      runsOf:
        isYoung || hasTurn(index, all.length, state.turn, { perCall, most: mostRunsAsked })
          ? headSha
          : undefined,
    })),
    repositories: watched,
    commits: turnOf(
      placed(held, (row, repository) => ({ repository, sha: row.sha })),
      state.turn,
    ),
    teams: state.teams.slice(0, perCall),
    perCall: tries === 0 ? perCall : perCallAfterTrouble,
  };
}

/** One open pull request or held deployment in turn is judged whatever was seen: facts that nothing here shows (properties) have their turn so. */
function inTurn({ pulls, held }: Known, turn: number, now: number): readonly WorkItem[] {
  const subjects = [
    ...held.map(subjectOf),
    ...pulls.map(
      ({ repository, number }) => ({ kind: "pull_request", repository, number }) as const,
    ),
  ];
  const isMany = subjects.length > fewSubjects;
  if (isMany && turn % turnEvery !== 0) return [];
  const subject = subjects[(isMany ? turn / turnEvery : turn) % Math.max(1, subjects.length)];
  return subject === undefined ? [] : [judgeItem(subject, now, false)];
}

/** Repositories with open pull requests in which some rule asks for review threads. */
async function askingThreads(policies: Policies, known: Known): Promise<ReadonlySet<number>> {
  const asking = new Set<number>();
  for (const id of new Set(known.pulls.map(({ repository }) => repository))) {
    const repository = known.repositories.get(id);
    if (
      repository !== undefined &&
      (await policies.listens(
        repository,
        missedEvent("pull_request_review_thread.unresolved", repository),
      ))
    )
      asking.add(id);
  }
  return asking;
}

/** Every installation, as work of its own: one that cannot be asked holds up no other. */
export async function sweepActivity(deps: Deps): Promise<void> {
  const installations = new Set(
    (await deps.store.records.activeRepositories()).map(({ installationId }) => installationId),
  );
  const now = deps.clock.now();
  await deps.store.queue.mark(
    [...installations].map((installation) => activityJob.item({ installation }, now)),
  );
}

/**
 * Asks what changed in an installation and compares it with what the last sweep saw, greens included: whatever is
 * different goes the way that its delivery would have gone.
 */
export function createActivitySweep(
  deps: Deps,
  policies: Policies,
  ports: SweepPorts,
): HandlerOf<typeof activityJob> {
  const { store, github, clock, meter } = deps;

  async function look(lease: Lease, installation: number): Promise<void> {
    const now = clock.now();
    const repositories = new Map(
      (await store.records.activeRepositories())
        .filter(({ installationId, archived }) => installationId === installation && !archived)
        .map((repository) => [repository.id, repository]),
    );
    const [first] = repositories.values();
    if (first === undefined) return;
    const before = await readSweepState(store.records, installation);
    const teams = [
      ...new Set([...ports.teamsAsked(installation, first.owner), ...before.teams]),
    ].slice(0, perCall);
    const known: Known = {
      repositories,
      pulls: (await store.records.openPullRequestsOfInstallation(installation)).filter((row) =>
        repositories.has(row.repository),
      ),
      held: (await store.deployments.waiting()).filter((row) => repositories.has(row.repository)),
    };
    const deploying = await store.deployments.repositoriesSince(now - deploysMs);
    const { watched, quiet } = watchedIn(known, deploying, before);
    const question = questionOf(
      installation,
      first.owner,
      known,
      watched,
      await askingThreads(policies, known),
      { ...before, teams },
      now,
      lease.attempts,
    );
    const activity = await github.activity(question);
    const compared = await compareActivity(deps, policies, ports, {
      installation,
      owner: first.owner,
      known,
      activity,
      before,
      question,
    });
    const items = [...compared.items, ...inTurn(known, before.turn, now)];
    // Work is marked before the sweep state is saved: a crash in between sweeps once more.
    if (items.length > 0) await store.queue.mark(items);
    meter.count("sweep_marked_total", { sweep: "activity" }, compared.items.length);
    await keepSweepState(store.records, installation, {
      since: nextSince(activity, question, now),
      marks: compared.marks,
      teams,
      lively: Object.fromEntries(
        Object.entries({ ...before.lively, ...compared.lively }).filter(
          ([, at]) => now - at < livelyMs,
        ),
      ),
      strangers: compared.strangers.slice(-200),
      turn: before.turn + 1,
    });
    // Who once deployed may do so again; every other quiet repository has its turn above.
    const everDeployed = new Set(await store.deployments.repositoriesSince(0));
    await lookBehind(
      deps,
      policies,
      ports,
      installation,
      known,
      quiet.filter(({ id }) => everDeployed.has(id)),
    );
  }

  return async ({ lease, payload: { installation } }) => {
    await look(lease, installation);
    return done;
  };
}

/** From where the next sweep asks: everything before was named. Oldest first, so that a part is the older part. */
function nextSince(activity: Activity, question: ActivityQuestion, now: number): number {
  if (activity.isRecentComplete) return now - overlapMs;
  const last = activity.recent.at(-1)?.updatedAt ?? question.since;
  return Math.max(question.since, Math.min(last, now - overlapMs));
}
