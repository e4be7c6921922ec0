import type { FactTable, Need } from "#core/model/fact.ts";
import type { Subject } from "#core/model/subject.ts";
import type { RepositoryRecord } from "./repository.ts";

/** What of the policy decides how the past is read. */
export interface Judging {
  /** Whether rules judge deployments to an environment, which decides what history proves. */
  readonly judges: (environment: string) => boolean;
  /** Names of rules for pull requests that are in force for the default branch and that their `branches` keep from this one. */
  readonly keptFrom: (branch: string, defaultBranch: string) => readonly string[];
}

/** Reads facts about one subject. One session is one evaluation: each fact is read once, however often it is asked for. */
export interface FactReader {
  /** `judging` left out: every environment is judged, and no rule is kept from a branch. */
  readonly open: (subject: Subject, repository: RepositoryRecord, judging?: Judging) => FactSession;
}

export interface FactSession {
  /** Never throws for an unreadable fact (that is a `FactResult` with `ok: false`); throws `GatehouseError` "gone" when the subject itself is. */
  readonly read: (needs: readonly Need<unknown>[]) => Promise<FactTable>;
  /** Blob SHAs of policy files as they were seen on the way, for free; keys: "repository", "organization". */
  readonly policyHints: () => Readonly<Record<string, string | null>>;
  /** Our own check runs found on the head on the way, so that a lost record never makes a second one; null: nothing on the way showed them. */
  readonly ownCheckRuns: () =>
    | readonly {
        readonly id: number;
        readonly name: string;
        readonly externalId: string | null;
      }[]
    | null;
  /**
   * Asks GitHub what became of the deployments that facts were read from, whatever the record says; true: these facts
   * are to be read anew, in another session. Only a deployment's session has any.
   */
  readonly historyMoved?: (() => Promise<boolean>) | undefined;
}
