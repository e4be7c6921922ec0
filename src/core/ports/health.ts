import type { HealthAnswer, HealthSpan } from "#core/formats/health/answer.ts";
import type { RepositoryRecord } from "./repository.ts";

export interface HealthQuestion {
  /** A name of the process's settings; an address is never one. */
  readonly source: string;
  readonly query: string;
  readonly span: HealthSpan;
}

/** Sources that say how what runs is doing. */
export interface HealthSources {
  /** Whether there are any. */
  readonly isEmpty: boolean;
  /** Whether there is one of this name that the repository's policy may ask. */
  readonly mayAsk: (
    source: string,
    repository: Pick<RepositoryRecord, "owner" | "name">,
  ) => boolean;
  /**
   * Asks, at most once a minute for each question and process: who asks meanwhile gets the same answer, a failure
   * included. Never throws.
   */
  readonly ask: (
    question: HealthQuestion,
    repository: Pick<RepositoryRecord, "owner" | "name">,
  ) => Promise<HealthAnswer>;
}

/** The stored value in which the watch keeps what it saw of each question that somebody waits for. */
export const seenHealthKey = "health-seen";
