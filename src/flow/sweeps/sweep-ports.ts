import type { DeploymentRow } from "#core/model/deployment.ts";
import type { Event } from "#core/model/event.ts";
import { type PullRequestRow, type RepositoryRecord, type WorkItem } from "#core/ports/index.ts";

/** What is known of an installation and may have changed without a word. */
export interface Known {
  readonly repositories: ReadonlyMap<number, RepositoryRecord>;
  readonly pulls: readonly PullRequestRow[];
  readonly held: readonly DeploymentRow[];
}

/** What a sweep may do besides asking. */
export interface SweepPorts {
  /** The way of every delivery, for one that never came. */
  readonly hear: (event: Event) => Promise<readonly WorkItem[]>;
  readonly teamsAsked: (installationId: number, owner: string) => readonly string[];
}
