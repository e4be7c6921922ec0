import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import type { PullTimeline } from "./pull-timeline.ts";
import { askersIn } from "./read-asked-by.ts";
import { baseHistoryIn } from "./read-base-changes.ts";
import { labelsAddedIn } from "./read-labels-added.ts";
import { eachTimelineEntry } from "./timeline.ts";

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
