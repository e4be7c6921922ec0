import type { RepositoryRecord } from "./repository.ts";

/** An entry of the audit log as pages read it; `detail` is canonical JSON. */
export interface LoggedEntry {
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly repository: number | null;
  readonly subject: string | null;
  readonly actor: string | null;
  readonly detail: string;
}

/** A rule that is not met, as lists show it. */
export interface ListedRule {
  readonly name: string;
  readonly need: string;
  readonly next: string;
}

/** Where a subject stands: its newest decision in short. Instants are epoch ms. */
export interface SubjectState {
  readonly subjectKey: string;
  readonly kind: "pull_request" | "merge_group" | "deployment";
  readonly repository: number;
  /** null: no pull request. */
  readonly number: number | null;
  readonly environment: string | null;
  /** Who opened the pull request, or asked for the deployment; null: not told. */
  readonly by: string | null;
  readonly headSha: string;
  /** In the audit log's words: allow, deny, wait, approve, reject, hold. */
  readonly answer: string;
  readonly title: string;
  readonly unmet: readonly ListedRule[];
  /** Since when it has not been let through; for what is let through, since when it is. */
  readonly since: number;
  readonly at: number;
  /** When it may change by itself. */
  readonly changesAt: number | null;
  /** Where in the audit log it stands. */
  readonly seq: number;
}

/** Reading for pages: nothing here decides, and nothing is changed. */
export interface Views {
  /** Open pull requests, queued groups and held deployments that are not let through, those that wait longest first. */
  readonly waiting: (page: {
    readonly repository?: number;
    /** Only what follows it in that order. */
    readonly after?: Pick<SubjectState, "since" | "subjectKey">;
    readonly limit: number;
  }) => Promise<readonly SubjectState[]>;
  readonly openIn: (
    repository: number,
    filter?: { readonly kinds?: readonly SubjectState["kind"][] },
  ) => Promise<readonly SubjectState[]>;
  /**
   * Whether lists of what waits know the subject. What was decided by a version without such lists is not on them until
   * it is recorded once more, though nothing else changed.
   */
  readonly isListed: (subjectKey: string) => Promise<boolean>;
  readonly entry: (seq: number) => Promise<LoggedEntry | null>;
  /** Newest first. */
  readonly ofSubject: (
    subjectKey: string,
    page: { readonly before?: number; readonly limit: number },
  ) => Promise<readonly LoggedEntry[]>;
  /** Newest first; with `kinds`, those kinds only; with `after`, what was recorded after that entry. */
  readonly ofRepository: (
    repository: number,
    page: {
      readonly before?: number;
      readonly after?: number;
      readonly limit: number;
      readonly kinds?: readonly string[];
    },
  ) => Promise<readonly LoggedEntry[]>;
  /** Oldest first, of every repository or of one: what was recorded after that entry, of those kinds. */
  readonly following: (
    seq: number,
    page: {
      readonly kinds: readonly string[];
      readonly repository?: number;
      readonly limit: number;
    },
  ) => Promise<readonly LoggedEntry[]>;
  /** Active repositories of this name, of every owner. */
  readonly repositoriesNamed: (name: string) => Promise<readonly RepositoryRecord[]>;
  /** Active repositories in which a policy of their own stands, by name. */
  readonly withPolicy: () => Promise<readonly RepositoryRecord[]>;
  /** Number of the newest entry. */
  readonly newest: () => Promise<number>;
  /** Of which repositories something was recorded after that entry (null: of none in particular), each once. */
  readonly changedSince: (seq: number) => Promise<readonly (number | null)[]>;
  /** When a delivery came last; null: none ever did. */
  readonly lastDeliveryAt: () => Promise<number | null>;
  /** Makes a recorded decision again; null: no such entry. */
  readonly replay: (
    seq: number,
  ) => Promise<{ readonly kind: string; readonly because: string } | null>;
}
