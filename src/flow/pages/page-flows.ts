import type { Person } from "#core/model/actor.ts";
import type { CredentialsState } from "#core/ports/github.ts";
import { exportIcs } from "#core/calendar/export-ics.ts";
import type { Deps } from "#flow/deps.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { findToken, makeToken } from "#flow/sign-in/api-tokens.ts";
import { readDecision, type DecisionView } from "./decision.ts";
import { listDeployments, type DeploymentsList } from "./deployments.ts";
import { readEnvironment, type EnvironmentView } from "./environment.ts";
import type { WaitingFilter } from "./filter.ts";
import { carryOutForm, type FormOutcome, type FreezeForm } from "./forms.ts";
import { listFreezes, type FreezeView } from "./freezes.ts";
import { readHealth, type HealthView } from "./health.ts";
import { listDecisions, type DecisionsList, type DecisionsQuestion } from "./decisions.ts";
import { readRepository, type RepositoryView } from "./repository.ts";
import { tokenViewer, type Viewer } from "./viewer.ts";
import { listWaiting, type WaitingList } from "./waiting.ts";

/** Everything that pages and the API show, each for a viewer; null: it does not exist, or is not theirs to read. */
export interface PageFlows {
  readonly waiting: (viewer: Viewer, filter: WaitingFilter) => Promise<WaitingList>;
  readonly health: () => Promise<HealthView>;
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
  readonly freeze: (
    who: { readonly viewer: Viewer; readonly person: Person },
    form: FreezeForm,
    command: "freeze" | "unfreeze",
  ) => Promise<FormOutcome>;
  /** A token that opens this environment's calendar for a year; null as above. */
  readonly subscribe: (
    who: { readonly viewer: Viewer; readonly person: Person },
    owner: string,
    name: string,
    environment: string,
  ) => Promise<string | null>;
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
  wake: () => void,
): PageFlows {
  const reading = { ...deps, policies };
  const { store, clock } = deps;

  async function calendarText(
    viewer: Viewer,
    owner: string,
    name: string,
    environment: string,
  ): Promise<string | null> {
    const view = await readEnvironment(reading, viewer, owner, name, environment);
    if (view === null || view.calendar === null) return null;
    const { calendar, repository } = view;
    return exportIcs({
      name: `Deployments of ${repository} to ${view.environment}`,
      now: clock.now(),
      rows: [
        { title: `Open: ${view.environment}`, intervals: calendar.openings, blocks: false },
        ...calendar.freezes.map((freeze) => ({
          title: `Freeze: ${freeze.name}`,
          ...(freeze.reason === "" ? {} : { description: freeze.reason }),
          intervals: freeze.on,
          blocks: true,
        })),
      ],
    });
  }

  return {
    waiting: (viewer, filter) => listWaiting(deps, viewer, filter),
    health: () => readHealth(deps, credentials),
    freezes: (viewer) => listFreezes(deps, viewer),
    decision: (viewer, id, options) => readDecision(deps, viewer, id, options),
    decisions: (viewer, question) => listDecisions(deps, viewer, question),
    deployments: (viewer, owner, name, environment) =>
      listDeployments(deps, viewer, owner, name, environment),
    repository: (viewer, owner, name) => readRepository(reading, viewer, owner, name),
    environment: (viewer, owner, name, environment) =>
      readEnvironment(reading, viewer, owner, name, environment),
    freeze: (who, form, command) => carryOutForm(reading, wake, who, form, command),
    subscribe: async ({ viewer, person }, owner, name, environment) => {
      const view = await readEnvironment(reading, viewer, owner, name, environment);
      if (view === null || view.calendar === null) return null;
      const { token } = await makeToken(store.tokens, clock, {
        purpose: "calendar",
        name: `calendar of ${view.repository} ${view.environment}`,
        repositories: [view.repository],
        environments: [view.environment],
        createdBy: person.login,
        lastsMs: subscriptionMs,
      });
      return token;
    },
    calendar: async (shown, owner, name, environment) => {
      const token = await findToken(store.tokens, clock, shown, "calendar");
      return token === null ? null : calendarText(tokenViewer(token), owner, name, environment);
    },
  };
}
