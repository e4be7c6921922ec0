import type { Person } from "#core/model/actor.ts";
import type { CredentialsState } from "#core/ports/github.ts";
import { exportedRows } from "#core/calendar/environment-calendar.ts";
import { exportIcs } from "#core/calendar/export-ics.ts";
import type { Deps } from "#flow/deps.ts";
import type { Pace } from "#flow/jobs/pace.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { findToken, makeOnlyToken } from "#flow/sign-in/api-tokens.ts";
import { readDecision, type DecisionView } from "./decision.ts";
import { listDeployments, type DeploymentsList } from "./deployments.ts";
import { readEnvironment, type EnvironmentView } from "./environment.ts";
import type { WaitingFilter } from "./filter.ts";
import { followed, type Follows } from "./follow.ts";
import { carryOutForm, type FormOutcome, type FreezeForm } from "./forms.ts";
import { listFreezes, type FreezeView } from "./freezes.ts";
import { readHealth, type HealthView } from "./health.ts";
import { listDecisions, type DecisionsList, type DecisionsQuestion } from "./decisions.ts";
import { readRepository, type RepositoryView } from "./repository.ts";
import type { ReportFilter } from "./report-filter.ts";
import { readReport, type ReportAnswer } from "./report.ts";
import { readRollout, type RolloutView } from "./rollout.ts";
import { createSetUp, type SetUp } from "./set-up.ts";
import { stillReads } from "./still-reads.ts";
import { tokenViewer, type Viewer } from "./viewer.ts";
import { listWaiting, type WaitingList } from "./waiting.ts";

/** What opens one calendar, and the id under which it is revoked. */
export interface Subscription {
  readonly token: string;
  readonly id: string;
}

/** Everything that pages and the API show, each for a viewer; null: it does not exist, or is not theirs to read. */
export interface PageFlows {
  readonly waiting: (viewer: Viewer, filter: WaitingFilter) => Promise<WaitingList>;
  readonly health: () => Promise<HealthView>;
  readonly setUp: (viewer: Viewer) => Promise<SetUp>;
  readonly freezes: (viewer: Viewer) => Promise<readonly FreezeView[]>;
  readonly decision: (
    viewer: Viewer,
    id: string,
    options?: { readonly replays?: boolean },
  ) => Promise<DecisionView | null>;
  readonly decisions: (
    viewer: Viewer,
    question: DecisionsQuestion,
  ) => Promise<DecisionsList | null>;
  readonly deployments: (
    viewer: Viewer,
    owner: string,
    name: string,
    environment: string | undefined,
  ) => Promise<DeploymentsList | null>;
  readonly repository: (
    viewer: Viewer,
    owner: string,
    name: string,
  ) => Promise<RepositoryView | null>;
  readonly environment: (
    viewer: Viewer,
    owner: string,
    name: string,
    environment: string,
  ) => Promise<EnvironmentView | null>;
  readonly rollout: (
    viewer: Viewer,
    owner: string,
    name: string,
    sha: string,
  ) => Promise<RolloutView | null>;
  /** What was recorded in a period. */
  readonly report: (viewer: Viewer, filter: ReportFilter) => Promise<ReportAnswer>;
  /** What a page that is open is told of; null as above. */
  readonly follow: (viewer: Viewer, repository: string | undefined) => Promise<Follows | null>;
  readonly freeze: (
    who: { readonly viewer: Viewer; readonly person: Person },
    form: FreezeForm,
    command: "freeze" | "unfreeze",
  ) => Promise<FormOutcome>;
  /** A token that opens this environment's calendar for a year, in the place of the one they had; null as above. */
  readonly subscribe: (
    who: { readonly viewer: Viewer; readonly person: Person },
    owner: string,
    name: string,
    environment: string,
  ) => Promise<Subscription | null>;
  /** The calendar as iCalendar text; null: no such calendar, or the token does not open it. */
  readonly calendar: (
    token: string | undefined,
    owner: string,
    name: string,
    environment: string,
  ) => Promise<string | null>;
}

const subscriptionMs = 365 * 24 * 3_600_000;

/** The use cases of the pages over the store; `wake` looks for work at once. */
export function createPageFlows(
  deps: Deps,
  policies: Policies,
  credentials: () => Promise<CredentialsState>,
  pace: Pace,
  wake: () => void,
): PageFlows {
  const reading = { ...deps, policies, pace };
  const { store, clock } = deps;

  async function calendarText(
    viewer: Viewer,
    owner: string,
    name: string,
    environment: string,
  ): Promise<string | null> {
    const view = await readEnvironment(reading, viewer, owner, name, environment);
    if (view === null || view.calendar === null) return null;
    return exportIcs({
      name: `Deployments of ${view.repository} to ${view.environment}`,
      now: clock.now(),
      rows: exportedRows(view.environment, view.calendar),
    });
  }

  return {
    waiting: (viewer, filter) => listWaiting(deps, viewer, filter),
    health: () => readHealth(deps, credentials),
    setUp: createSetUp(reading, credentials),
    freezes: (viewer) => listFreezes(deps, viewer),
    decision: (viewer, id, options) => readDecision(deps, viewer, id, options),
    decisions: (viewer, question) => listDecisions(deps, viewer, question),
    deployments: (viewer, owner, name, environment) =>
      listDeployments(deps, viewer, owner, name, environment),
    repository: (viewer, owner, name) => readRepository(reading, viewer, owner, name),
    environment: (viewer, owner, name, environment) =>
      readEnvironment(reading, viewer, owner, name, environment),
    rollout: (viewer, owner, name, sha) => readRollout(reading, viewer, owner, name, sha),
    report: (viewer, filter) => readReport(store, viewer, filter, clock.now()),
    follow: (viewer, repository) => followed(deps, viewer, repository),
    freeze: (who, form, command) => carryOutForm(reading, wake, who, form, command),
    subscribe: async ({ viewer, person }, owner, name, environment) => {
      const view = await readEnvironment(reading, viewer, owner, name, environment);
      if (view === null || view.calendar === null) return null;
      // A name may be typed in any case where nothing was deployed yet: it is one environment all the same.
      const named = view.environment.toLowerCase();
      const { token, record } = await makeOnlyToken(store.tokens, clock, {
        purpose: "calendar",
        name: `calendar of ${view.repository} ${named}`,
        repositories: [view.repository],
        environments: [named],
        createdBy: person.login,
        createdById: person.id,
        lastsMs: subscriptionMs,
      });
      return { token, id: record.id };
    },
    calendar: async (shown, owner, name, environment) => {
      const token = await findToken(store.tokens, clock, shown, "calendar");
      const isTheirs = token !== null && (await stillReads(deps, token, owner, name));
      return isTheirs
        ? calendarText(tokenViewer(token, store.records), owner, name, environment)
        : null;
    },
  };
}
