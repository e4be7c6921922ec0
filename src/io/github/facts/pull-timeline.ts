import type { AddedLabel } from "#core/facts/labels-added.ts";
import type { Person } from "#core/model/actor.ts";

/** What became of a base last. */
export interface BaseChange {
  readonly at: number;
  readonly rewritten: boolean;
}

export interface BaseHistory {
  readonly last: BaseChange | undefined;
  /** It was closed once: what became of its base meanwhile is not in its timeline. */
  readonly wasClosed: boolean;
}

/** What facts need of a pull request's timeline: of the whole of it. */
export interface PullTimeline {
  readonly askedBy: () => readonly Person[];
  readonly baseHistory: () => BaseHistory;
  readonly labelsAdded: () => readonly AddedLabel[];
}
