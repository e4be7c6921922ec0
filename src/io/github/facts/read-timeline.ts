import type { AddedLabel } from "#core/facts/labels-added.ts";
import type { Person } from "#core/model/actor.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { askersIn } from "./read-asked-by.ts";
import { type BaseHistory, baseHistoryIn } from "./read-base-changes.ts";
import { labelsAddedIn } from "./read-labels-added.ts";
import { eachTimelineEntry } from "./timeline.ts";

/** What facts need of a pull request's timeline: of the whole of it. */
export interface PullTimeline {
  readonly askedBy: () => readonly Person[];
  readonly baseHistory: () => BaseHistory;
  readonly labelsAdded: () => readonly AddedLabel[];
}

/** Reads the timeline for all facts that stand on it: thirty pages at most, of which only what they need is kept. */
export async function readTimeline(
  github: GitHub,
  repository: RepositoryRecord,
  number: number,
): Promise<PullTimeline> {
  const askers = askersIn();
  const bases = baseHistoryIn();
  const labels = labelsAddedIn();
  const views = [askers, bases, labels];
  await eachTimelineEntry(github, repository, number, (row) => {
    for (const view of views) view.see(row);
  });
  return { askedBy: askers.seen, baseHistory: bases.seen, labelsAdded: labels.seen };
}
