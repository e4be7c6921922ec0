import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { ListedRule, SubjectState } from "#core/ports/views.ts";
import type { Deps } from "#flow/deps.ts";
import { decisionId } from "#core/record/decision-address.ts";
import type { InputProblem, WaitingFilter } from "./filter.ts";
import { namingOwnTeams, withTextsChanged } from "./reader-texts.ts";
import { subjectView, type SubjectView } from "./subject.ts";
import type { Viewer } from "./viewer.ts";

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
  readonly problems: readonly InputProblem[];
}

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
    ...withTextsChanged({ title, unmet }, change),
    answer,
    by,
    since,
    changesAt,
  };
}

/** What waits, as far as the viewer may read it, the longest first. */
export async function listWaiting(
  { store, webUrl }: Pick<Deps, "store" | "webUrl">,
  viewer: Viewer,
  filter: WaitingFilter,
): Promise<WaitingList> {
  const { records, views } = store;
  const one =
    filter.repository === undefined
      ? undefined
      : await records.repositoryByName(filter.repository.owner, filter.repository.name);
  if (one !== undefined && (one === null || !(await viewer.mayRead(one))))
    return {
      waiting: [],
      problems: [
        {
          field: "repository",
          message: "there is no such repository here, or you may not read it",
        },
      ],
    };
  const states = await views.waiting({
    ...(one === undefined ? {} : { repository: one.id }),
    ...(filter.environment === undefined ? {} : { environment: filter.environment }),
  });
  const mayRead = one === undefined ? await viewer.readable() : () => true;
  const repositories = new Map<number, RepositoryRecord | null>();
  for (const id of new Set(states.map(({ repository }) => repository)))
    repositories.set(id, one?.id === id ? one : await records.repository(id));
  const own = await viewer.teams();
  const teams = filter.team === undefined ? null : filter.team === "mine" ? own : [filter.team];
  const isAsked = (state: SubjectState): boolean => {
    const asks = asksIn(state);
    const { login } = viewer;
    if (filter.isMine && login !== null) {
      const isOwn = state.by?.toLowerCase() === login.toLowerCase();
      if (!isOwn && !names(asks, login)) return false;
    }
    return teams === null || teams.some((team) => names(asks, team));
  };
  const waiting = states.flatMap((state) => {
    const repository = repositories.get(state.repository);
    if (repository === null || repository === undefined) return [];
    if (!viewer.sees(state.environment) || !mayRead(repository) || !isAsked(state)) return [];
    return [viewOf(state, repository, webUrl, namingOwnTeams(repository, own))];
  });
  return { waiting, problems: [] };
}
