import type { Activity, ActivityQuestion } from "#core/sweep/activity.ts";
import type { SweepState } from "./sweep-state.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { Event } from "#core/model/event.ts";
import type { PullRequestRow } from "#core/ports/pull-request.ts";
import type { WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";

/** What is known of an installation and may have changed without a word. */
export interface Known {
  readonly repositories: ReadonlyMap<number, RepositoryRecord>;
  readonly pulls: readonly PullRequestRow[];
  readonly held: readonly DeploymentRow[];
}

/** What a sweep may do besides asking. */
export interface SweepPorts {
  /** The way of every delivery, for one that never came. */
  readonly onEvent: (event: Event) => Promise<readonly WorkItem[]>;
  readonly teamsAsked: (installationId: number, owner: string) => readonly string[];
}

/** What a sweep saw, beside what was known and asked. */
export interface Seen {
  readonly installation: number;
  readonly owner: string;
  readonly known: Known;
  readonly activity: Activity;
  readonly before: SweepState;
  readonly question: ActivityQuestion;
}
