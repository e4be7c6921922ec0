import { environmentOfKey } from "#core/model/subject.ts";
import type { Deps } from "#flow/deps.ts";
import { forReadersOf } from "./reader-texts.ts";
import { timelineOf, type TimelineItem } from "./timeline.ts";
import type { Viewer } from "./viewer.ts";

export interface DecisionsQuestion {
  readonly owner: string;
  readonly name: string;
  /** Only before this number of the log: the next page. */
  readonly before: number | undefined;
  readonly limit: number;
}

export interface DecisionsList {
  readonly decisions: readonly TimelineItem[];
  /** `before` of the next page; null: that was all. */
  readonly next: number | null;
}

/** Decisions of one repository, newest first; null: there is none, or not for the viewer. */
export async function listDecisions(
  deps: Pick<Deps, "store" | "github">,
  viewer: Viewer,
  { owner, name, before, limit }: DecisionsQuestion,
): Promise<DecisionsList | null> {
  const { records, views } = deps.store;
  const repository = await records.repositoryByName(owner, name);
  if (repository === null || !(await viewer.mayRead(repository))) return null;
  const entries = await views.ofRepository(repository.id, {
    limit,
    kinds: ["decision"],
    ...(before === undefined ? {} : { before }),
  });
  const theirs = entries.filter(({ subject }) => viewer.sees(environmentOfKey(subject)));
  return {
    decisions: await forReadersOf(deps, repository, timelineOf(theirs, repository)),
    next: entries.length < limit ? null : (entries.at(-1)?.seq ?? null),
  };
}
