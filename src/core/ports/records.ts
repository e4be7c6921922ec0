import type { Decision } from "#core/model/decision.ts";
import type { AuditEntry } from "./audit.ts";
import type { PullRequestRow } from "./pull-request.ts";
import type { RepositoryRecord } from "./repository.ts";

export interface PolicyRecord {
  readonly repository: number;
  /** The blob that was read last; null: no file there. */
  readonly blobSha: string | null;
  readonly text: string | null;
  /** The last text without errors. */
  readonly lastGoodBlobSha: string | null;
  readonly lastGoodText: string | null;
  /** A policy was there once and was not retired by `enforcement: disabled`. */
  readonly binding: boolean;
  /** Why the file cannot be used although something is there (symlink, too large); null otherwise. */
  readonly obstacle: string | null;
  readonly checkedAt: number;
}

export interface DecisionRecord {
  readonly subjectKey: string;
  /** Rises with every decision on the subject. */
  readonly number: number;
  readonly headSha: string;
  readonly baseRef: string;
  readonly policyDigest: string;
  readonly decision: Decision;
  readonly at: number;
}

export interface Records {
  readonly saveRepository: (repository: RepositoryRecord) => Promise<void>;
  readonly repository: (id: number) => Promise<RepositoryRecord | null>;
  readonly repositoryByName: (owner: string, name: string) => Promise<RepositoryRecord | null>;
  readonly activeRepositories: () => Promise<readonly RepositoryRecord[]>;
  readonly deactivateInstallation: (installationId: number) => Promise<void>;
  /** A row that does not tell the stack keeps what is known of it while its own base is the same; older news of it changes nothing. */
  readonly savePullRequest: (row: PullRequestRow) => Promise<void>;
  readonly pullRequest: (repository: number, number: number) => Promise<PullRequestRow | null>;
  readonly openPullRequests: (repository: number) => Promise<readonly PullRequestRow[]>;
  readonly openPullRequestsWithHead: (
    repository: number,
    headSha: string,
  ) => Promise<readonly PullRequestRow[]>;
  /** Of every active repository of an installation. */
  readonly openPullRequestsOfInstallation: (
    installationId: number,
  ) => Promise<readonly PullRequestRow[]>;
  readonly policy: (repository: number) => Promise<PolicyRecord | null>;
  /**
   * Takes the place of `before`, with what the audit log says of it; false: that does not stand any more, and nothing was
   * saved.
   */
  readonly replacePolicy: (
    before: PolicyRecord | null,
    after: PolicyRecord,
    audit?: readonly AuditEntry[],
  ) => Promise<boolean>;
  readonly lastDecision: (subjectKey: string) => Promise<DecisionRecord | null>;
  /** A small durable value by key (cursors, once-only marks). */
  readonly getValue: (key: string) => Promise<string | null>;
  /** Those that are there. */
  readonly getValues: (keys: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  readonly setValue: (key: string, value: string) => Promise<void>;
  /**
   * Reads and writes in one step, over all processes: what `change` makes of what is there takes its place; null leaves
   * it. Answers what stands then. `change` is asked again where somebody else was faster.
   */
  readonly changeValue: (
    key: string,
    change: (before: string | null) => string | null,
  ) => Promise<string | null>;
  /** true the first time only: a command is executed once per comment id. */
  readonly claimOnce: (key: string, at: number) => Promise<boolean>;
}
