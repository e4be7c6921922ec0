import type { Records } from "#core/ports/records.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { ListedRule, SubjectState, Views } from "#core/ports/views.ts";
import { sameEnvironment } from "#core/deployments/environment.ts";
import { decisionId } from "#core/record/decision-address.ts";
import type { Deps } from "#flow/deps.ts";
import { askedRepository } from "./asked-repository.ts";
import type { InputProblem, WaitingFilter } from "./filter.ts";
import { asRecordedFor, namingOwnTeams, withTextsChanged } from "./reader-texts.ts";
import { subjectView, type SubjectView } from "./subject.ts";
import type { Viewer } from "./viewer.ts";
import { waitingStates } from "./waiting-states.ts";

/** Something that waits, or was denied and can still change. Instants are epoch ms. */
export interface WaitingView {
  readonly id: string;
  readonly subject: SubjectView;
  readonly answer: string;
  readonly title: string;
  readonly unmet: readonly ListedRule[];
  readonly by: string | null;
  readonly since: number;
  readonly changesAt: number | null;
}

export interface WaitingList {
  readonly waiting: readonly WaitingView[];
  /** There is more, which a filter would show. */
  readonly isCut: boolean;
  readonly problems: readonly InputProblem[];
}

/** More than this nobody reads on a page; filters narrow it. */
const mostListed = 1_000;

/** `@name` as a whole word, in any case. */
const names = (texts: readonly string[], name: string): boolean => {
  const wanted = `@${name.toLowerCase()}`;
  return texts.some((text) => {
    const lower = text.toLowerCase();
    for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + 1))
      if (!/[\w/-]/.test(lower.charAt(at + wanted.length))) return true;
    return false;
  });
};

const asksIn = ({ unmet }: SubjectState): readonly string[] =>
  unmet.flatMap(({ need, next }) => [need, next]);

export function viewOf(
  state: SubjectState,
  repository: RepositoryRecord,
  webUrl: string,
  change: (text: string) => string,
): WaitingView {
  const { answer, title, unmet, by, since, changesAt } = state;
  return {
    id: decisionId(state),
    subject: subjectView(state, repository, webUrl),
    ...withTextsChanged(asRecordedFor(repository, state.at, { title, unmet }), change),
    answer,
    by,
    since,
    changesAt,
  };
}

interface Reading extends Pick<Deps, "webUrl"> {
  readonly store: {
    readonly records: Pick<Records, "repository" | "repositoryByName">;
    readonly views: Pick<Views, "waiting">;
  };
}

/** What waits, as far as the viewer may read it, the longest first. */
export async function listWaiting(
  { store, webUrl }: Reading,
  viewer: Viewer,
  filter: WaitingFilter,
): Promise<WaitingList> {
  const { records, views } = store;
  const asked = await askedRepository(records, viewer, filter);
  if (asked.kind === "invalid") return { waiting: [], isCut: false, problems: asked.problems };
  const { one, mayRead } = asked;
  const repositories = new Map<number, RepositoryRecord | null>();
  const repositoryOf = async (id: number): Promise<RepositoryRecord | null> => {
    const known = one?.id === id ? one : repositories.get(id);
    if (known !== undefined) return known;
    const read = await records.repository(id);
    repositories.set(id, read);
    return read;
  };
  const own = await viewer.teams();
  const teams = filter.team === undefined ? null : filter.team === "mine" ? own : [filter.team];
  const isAsked = (state: SubjectState, change = (text: string): string => text): boolean => {
    const asks = asksIn(state).map(change);
    const { login } = viewer;
    if (filter.isMine && login !== null) {
      const isOwn = state.by?.toLowerCase() === login.toLowerCase();
      if (!isOwn && !names(asks, login)) return false;
    }
    return teams === null || teams.some((team) => names(asks, team));
  };
  const waiting: WaitingView[] = [];
  for await (const state of waitingStates(views, one === undefined ? {} : { repository: one.id })) {
    const isIn =
      filter.environment === undefined ||
      (state.environment !== null && sameEnvironment(state.environment, filter.environment));
    if (!isIn || !viewer.sees(state.environment) || !isAsked(state)) continue;
    const repository = await repositoryOf(state.repository);
    if (repository === null || !mayRead(repository)) continue;
    // Found by what the reader is shown: a filter would tell as well that a secret team is asked.
    const change = namingOwnTeams(repository, own);
    if (!isAsked(state, change)) continue;
    if (waiting.length === mostListed) return { waiting, isCut: true, problems: [] };
    waiting.push(viewOf(state, repository, webUrl, change));
  }
  return { waiting, isCut: false, problems: [] };
}
