import { environmentCalendar } from "#core/calendar/environment-calendar.ts";
import { answerWhen } from "#core/calendar/answer-when.ts";
import { closingsOf, type Closing } from "#core/calendar/closings.ts";
import type { Interval } from "#core/calendar/spans.ts";
import { isWrittenOut } from "#core/commands/environment-rules.ts";
import { environmentTimes } from "#core/commands/environment-times.ts";
import { isProvenSuccess } from "#core/deployments/proof.ts";
import { sameEnvironment } from "#core/deployments/environment.ts";
import { lastWords } from "#core/deployments/approvals-in-force.ts";
import { knownGood } from "#core/deployments/rollback.ts";
import { subjectKey } from "#core/model/subject.ts";
import { subjectOf } from "#flow/judge/waiting-deployments.ts";
import type { Act } from "#core/model/act.ts";
import { isRing } from "#core/rollout/order.ts";
import { asking } from "#core/facts/read-table.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { SubjectState, Views } from "#core/ports/views.ts";
import { readFacts } from "#flow/facts/read-facts.ts";
import type { Deps } from "#flow/deps.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { decisionId } from "#core/record/decision-address.ts";
import { dayMs } from "#core/text/duration.ts";
import { forReadersOf, namingOwnTeams } from "./reader-texts.ts";
import type { Viewer } from "./viewer.ts";
import { viewOf, type WaitingView } from "./waiting.ts";
import { waitingStates } from "./waiting-states.ts";

/** The coming weeks of an environment. Instants are epoch ms. */
export interface CalendarView {
  readonly from: number;
  readonly until: number;
  readonly zone: string;
  readonly isOpen: boolean;
  readonly because: string;
  readonly nextChange: string | null;
  readonly openings: readonly Interval[];
  readonly freezes: readonly {
    readonly name: string;
    readonly reason: string;
    readonly on: readonly Interval[];
  }[];
  /** What calendars take from the windows, by name. */
  readonly holidays: readonly Closing[];
  readonly warnings: readonly string[];
}

export interface DeploymentView {
  readonly id: string;
  readonly deploymentId: number;
  readonly sha: string;
  readonly ref: string;
  readonly state: string;
  readonly createdAt: number;
  readonly finishedAt: number | null;
  readonly by: string | null;
  readonly answer: string | null;
  readonly answeredAt: number | null;
  readonly approvedBy: readonly string[];
  /** It brought back a commit that ran here before. */
  readonly isRollback: boolean;
}

export interface EnvironmentView {
  readonly repository: string;
  readonly environment: string;
  readonly running: DeploymentView | null;
  /** Commits that have a page of their rollout: what runs, and what came last. */
  readonly rollouts: readonly string[];
  readonly waiting: readonly WaitingView[];
  readonly history: readonly DeploymentView[];
  /** null: no policy judges here, or a calendar cannot be read. */
  readonly calendar: CalendarView | null;
}

const weeks = 4;
const shown = 50;

type Reading = Pick<Deps, "store" | "github" | "facts" | "clock" | "webUrl"> & {
  readonly policies: Pick<Policies, "of">;
};

async function calendarOf(
  { store, facts, clock }: Reading,
  repository: RepositoryRecord,
  policy: EffectivePolicy,
  environment: string,
): Promise<CalendarView | null> {
  const now = clock.now();
  const acts = await store.acts.find({
    repository: repository.id,
    kinds: ["freeze", "unfreeze"],
  });
  const session = facts.open(
    { kind: "pull_request", repository: repository.id, number: 0 },
    repository,
  );
  const timesWith = (table: Parameters<typeof asking>[0]) =>
    asking(table, (ask) => environmentTimes({ policy, acts, now, ask }, environment));
  const table = await readFacts(session, (known) => timesWith(known).needs);
  const times = timesWith(table).answer;
  if (times === undefined) return null;
  const { schedule, windows, freezes, warnings } = times;
  const from = now;
  const until = now + weeks * 7 * dayMs;
  const when = answerWhen(schedule, { environment, at: now, windows, freezes });
  const { zone, ...calendar } = environmentCalendar(schedule, times, from, until);
  return {
    ...calendar,
    from,
    until,
    zone: zone.id,
    isOpen: when.open,
    because: when.because,
    nextChange: when.next_change,
    holidays: closingsOf(schedule, [...new Set(windows.flat())], from, until),
    warnings,
  };
}

async function waitingIn(
  views: Pick<Views, "waiting">,
  repository: number,
  environment: string,
): Promise<readonly SubjectState[]> {
  const found: SubjectState[] = [];
  for await (const state of waitingStates(views, { repository }))
    if (state.environment !== null && sameEnvironment(state.environment, environment))
      found.push(state);
  return found;
}

function deploymentView(
  row: DeploymentRow,
  rows: readonly DeploymentRow[],
  acts: readonly Act[],
): DeploymentView {
  const at = row.gateAnsweredAt ?? row.createdAt;
  const earlier = rows.filter((each) => each.createdAt < row.createdAt);
  const ran = knownGood(earlier, row);
  const isOtherSince = earlier.some(
    (each) => each.sha !== row.sha && ran !== null && each.createdAt > ran.createdAt,
  );
  return {
    id: decisionId({ subjectKey: subjectKey(subjectOf(row)), headSha: row.sha }),
    deploymentId: row.deploymentId,
    sha: row.sha,
    ref: row.ref,
    state: row.state,
    createdAt: row.createdAt,
    finishedAt: row.finishedAt,
    by: row.actor?.login ?? null,
    answer: row.gateAnswer,
    answeredAt: row.gateAnsweredAt,
    approvedBy: lastWords(acts, { environment: row.environment, sha: row.sha, now: at })
      .filter(({ kind }) => kind === "approve")
      .map(({ actor }) => actor.login),
    isRollback: ran !== null && isOtherSince,
  };
}

/** One environment of one repository as the viewer may see it; null: there is none, or not for them. */
export async function readEnvironment(
  deps: Reading,
  viewer: Viewer,
  owner: string,
  name: string,
  environment: string,
): Promise<EnvironmentView | null> {
  const { store, webUrl } = deps;
  const repository = await store.records.repositoryByName(owner, name);
  if (repository === null || !viewer.sees(environment) || !(await viewer.mayRead(repository)))
    return null;
  const rows = await store.deployments.inEnvironment(repository.id, environment, shown);
  const standing = await deps.policies.of(repository);
  const policy = standing.kind === "effective" ? standing.policy : null;
  // A name that nothing was ever deployed to and the policy does not write out is no environment.
  const isKnown = rows.length > 0 || (policy !== null && isWrittenOut(policy, environment));
  if (!isKnown) return null;
  const [acts, waiting, calendar, teams] = await Promise.all([
    store.acts.find({ repository: repository.id, kinds: ["approve", "reject", "rollback"] }),
    waitingIn(store.views, repository.id, environment),
    policy === null ? null : calendarOf(deps, repository, policy, environment),
    viewer.teams(),
  ]);
  const naming = namingOwnTeams(repository, teams);
  const running = rows.find(isProvenSuccess);
  return forReadersOf(deps, repository, {
    repository: `${repository.owner}/${repository.name}`,
    environment:
      rows.find((row) => sameEnvironment(row.environment, environment))?.environment ?? environment,
    running: running === undefined ? null : deploymentView(running, rows, acts),
    rollouts:
      policy !== null && isRing(policy, environment)
        ? [...new Set([rows[0], running].flatMap((row) => row?.sha ?? []))]
        : [],
    waiting: waiting.map((state) => viewOf(state, repository, webUrl, naming)),
    history: rows.map((row) => deploymentView(row, rows, acts)),
    calendar,
  });
}
