import type { Person } from "#core/model/actor.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import type { Overview } from "./overview.ts";
import type { PullParts } from "./parse-pull.ts";
import type { PullTimeline } from "./pull-timeline.ts";

/** What the readers of one evaluation share. Each is read once. */
export interface SubjectSource {
  readonly github: GitHub;
  readonly repository: RepositoryRecord;
  /** null: GraphQL cannot answer; ask REST. */
  readonly overview: () => Promise<Overview | null>;
}

export interface CommitSource extends SubjectSource {
  /** The judged commit. */
  readonly sha: () => Promise<string>;
  /** The branch that it goes to, or for a deployment the default branch. */
  readonly base: () => Promise<string>;
  /** The workflow run that asks for the deployment; left out, or null, where none does. */
  readonly asking?: number | null;
}

export interface PullSource extends CommitSource {
  readonly number: number;
  readonly pull: () => Promise<PullParts>;
  /** The pull request by REST, read anew each time: for its counts. */
  readonly restPull: () => Promise<PullParts>;
  readonly timeline: () => Promise<PullTimeline>;
  readonly canPush: (person: Person) => Promise<boolean>;
}

/** Of the pull request that is judged; `undefined` for another subject. */
export const numberOf = (source: CommitSource | PullSource): number | undefined =>
  "number" in source ? source.number : undefined;

/** Reads once, however often it is asked for. */
export function once<T>(read: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= read());
}
