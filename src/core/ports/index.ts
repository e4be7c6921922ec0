import type { RequiredCheck } from "#core/model/required-check.ts";
import type { PushSeen } from "#core/model/push.ts";
import type { TicketRow } from "#core/model/ticket.ts";
import type { Act, ActKind } from "#core/model/act.ts";
import type { Person } from "#core/model/actor.ts";
import type { Decision } from "#core/model/decision.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { Effect, EffectKind } from "#core/model/effect.ts";
import type { FactTable, Need } from "#core/model/fact.ts";
import type { Subject } from "#core/model/subject.ts";
import type { KeptText } from "#core/record/keep.ts";
import type { Activity, ActivityQuestion } from "#core/sweep/activity.ts";
import type { HiddenAnswer, HiddenQuestion } from "#core/sweep/hidden.ts";

/** Epoch milliseconds of the system clock, and the only timer the flows use. */
export interface Clock {
  readonly now: () => number;
}

/** Structured log lines: no token, key, secret or webhook body ever. */
export interface Log {
  readonly info: (fields: Readonly<Record<string, unknown>>, message: string) => void;
  readonly warn: (fields: Readonly<Record<string, unknown>>, message: string) => void;
  readonly error: (fields: Readonly<Record<string, unknown>>, message: string) => void;
}

/** Counters and gauges by the names of docs/operations.md. */
export interface Meter {
  readonly count: (name: string, labels?: Readonly<Record<string, string>>, by?: number) => void;
  readonly observe: (
    name: string,
    seconds: number,
    labels?: Readonly<Record<string, string>>,
  ) => void;
}

/** A repository as Gatehouse remembers it; names change, ids do not. */
export interface RepositoryRecord {
  readonly id: number;
  readonly installationId: number;
  readonly owner: string;
  readonly ownerId: number;
  readonly ownerType: "Organization" | "User";
  readonly name: string;
  readonly private: boolean;
  readonly archived: boolean;
  readonly defaultBranch: string;
  /** false once the installation was removed or suspended, or the repository deleted. */
  readonly active: boolean;
}

/**
 * What GitHub said of our credentials. `credentials`: it refuses them. `github_unreachable`: it did not answer since the
 * start, so that nobody knows; `known_unreachable`: it knew them, and does not answer now.
 */
export interface CredentialsState {
  readonly kind: "known" | "known_unreachable" | "credentials" | "github_unreachable";
  /** What somebody can do about it; null where nothing is to be done. */
  readonly remedy: string | null;
}

// ---------------------------------------------------------------- GitHub, reading

/** Reads facts about one subject. One session is one evaluation: each fact is read once, however often it is asked for. */
export interface FactReader {
  /** `judges`: whether rules judge deployments to an environment, which decides what history proves; left out, all are. */
  readonly open: (
    subject: Subject,
    repository: RepositoryRecord,
    judges?: (environment: string) => boolean,
  ) => FactSession;
}

export interface FactSession {
  /** Never throws for an unreadable fact (that is a `FactResult` with `ok: false`); throws `GatehouseError` "gone" when the subject itself is. */
  readonly read: (needs: readonly Need<unknown>[]) => Promise<FactTable>;
  /** Blob SHAs of policy files as they were seen on the way, for free; keys: "repository", "organization". */
  readonly policyHints: () => Readonly<Record<string, string | null>>;
  /** Our own check runs found on the head on the way, so that a lost record never makes a second one. */
  readonly ownCheckRuns: () => readonly {
    readonly id: number;
    readonly name: string;
    readonly externalId: string | null;
  }[];
}

/** A file that may stand at one of several places, and at one only. `paths`: those where something stands. */
export type PlacedFileRead =
  | (Exclude<FileRead, { readonly kind: "absent" }> & { readonly path: string })
  | { readonly kind: "absent" }
  | { readonly kind: "several"; readonly paths: readonly string[]; readonly blobSha: string };

/** A file of a default branch. `kind` "other": a symlink, submodule or directory stands there. */
export type FileRead =
  | { readonly kind: "file"; readonly blobSha: string; readonly text: string }
  | { readonly kind: "absent" }
  | { readonly kind: "other"; readonly what: string }
  | { readonly kind: "too_large"; readonly bytes: number };

export interface PullRequestRow {
  readonly repository: number;
  readonly number: number;
  readonly headSha: string;
  readonly headRef: string;
  /** The branch for whose rules GitHub holds it: its stack's base where it is in a stack, else its own. */
  readonly baseRef: string;
  /** The branch it is opened onto, where the stack's base is another. */
  readonly directBaseRef?: string | undefined;
  readonly state: "open" | "closed";
  /** The answer or payload that told whether it is in a stack; left out: none has. */
  readonly stackTold?: StackTold | undefined;
}

/** When a pull request's stack was told: its `updated_at` then (epoch ms, GitHub's clock). */
export interface StackTold {
  readonly asOf: number;
}

/** What else the flows ask GitHub. All methods throw `GatehouseError`. */
export interface GitHubReader {
  /** A file at a ref; the default branch when `ref` is null. */
  readonly readFile: (
    repository: RepositoryRecord,
    path: string,
    ref: string | null,
  ) => Promise<FileRead>;
  /** The one file that stands at one of these paths of one folder. */
  readonly readOneOf: (
    repository: RepositoryRecord,
    paths: readonly string[],
    ref: string | null,
  ) => Promise<PlacedFileRead>;
  /** A repository of the same installation by name; null when it does not exist or the App cannot see it. */
  readonly findRepository: (
    installationId: number,
    owner: string,
    name: string,
  ) => Promise<RepositoryRecord | null>;
  /** The installation that has a repository; null where the App is not installed there (or there is no such repository). */
  readonly installationOf: (owner: string, name: string) => Promise<number | null>;
  /** The full SHA of a commit, by as much of it as names it; null when there is none. */
  readonly commit: (repository: RepositoryRecord, sha: string) => Promise<string | null>;
  /** The newest deployment of a commit to an environment that has not run yet; null when none waits. */
  readonly unstartedDeployment: (
    repository: RepositoryRecord,
    environment: string,
    sha: string,
  ) => Promise<DeploymentSeen | null>;
  readonly openPullRequests: (repository: RepositoryRecord) => Promise<readonly PullRequestRow[]>;
  /** Head, base and state now: the read before a green. */
  readonly currentHead: (repository: RepositoryRecord, number: number) => Promise<PullRequestRow>;
  readonly installations: () => Promise<readonly InstallationRecord[]>;
  readonly repositoriesOf: (installationId: number) => Promise<readonly RepositoryRecord[]>;
  readonly failedDeliveries: (
    since: number,
  ) => Promise<readonly { readonly id: number; readonly guid: string }[]>;
  readonly redeliver: (deliveryId: number) => Promise<void>;
  /** Pull requests queued in a merge group, from its head ref and the queue's entries. */
  readonly mergeGroupMembers: (
    repository: RepositoryRecord,
    headRef: string,
    headSha: string,
  ) => Promise<readonly number[]>;
  readonly customProperties: (
    repository: RepositoryRecord,
  ) => Promise<Readonly<Record<string, string | readonly string[]>>>;
  /** The newest deployment that a run made to an environment; null when there is none (yet). */
  readonly deploymentOfRun: (
    repository: RepositoryRecord,
    runId: number,
    environment: string,
  ) => Promise<DeploymentSeen | null>;
  /** Environments at whose doors a run waits; empty when it waits at none any more. null: GitHub does not tell, or there is no such run. */
  readonly waitingAt: (
    repository: RepositoryRecord,
    runId: number,
  ) => Promise<readonly string[] | null>;
  /** Runs that wait at some door now. */
  readonly waitingRuns: (repository: RepositoryRecord) => Promise<readonly number[]>;
  readonly environments: (repository: RepositoryRecord) => Promise<readonly string[]>;
  /** Whether this App's protection rule is switched on in the environment. */
  readonly isGated: (repository: RepositoryRecord, environment: string) => Promise<boolean>;
  /** null: the comment was deleted. */
  readonly comment: (repository: RepositoryRecord, id: number) => Promise<CommentSeen | null>;
  /** A submitted review as something that was written; null: it is not there any more. */
  readonly review: (
    repository: RepositoryRecord,
    number: number,
    id: number,
  ) => Promise<CommentSeen | null>;
  /** A team of the repository's owner; null: there is none of that slug. Remembered for some minutes. */
  readonly team: (repository: RepositoryRecord, slug: string) => Promise<TeamSeen | null>;
  /**
   * Names of all the teams of its owner, of its labels, of its environments; null: GitHub does not tell (no permission,
   * or more of them than are read).
   */
  readonly namesOf: (
    repository: RepositoryRecord,
    kind: "team" | "label" | "environment",
  ) => Promise<readonly string[] | null>;
  /** Whether there is an account of that login. */
  readonly hasAccount: (repository: RepositoryRecord, login: string) => Promise<boolean>;
  readonly issue: (repository: RepositoryRecord, number: number) => Promise<IssueSeen | null>;
  readonly pullRequest: (
    repository: RepositoryRecord,
    number: number,
  ) => Promise<PullRequestSeen | null>;
  /** Pull requests that a commit belongs to, newest first. */
  readonly pullRequestsOfCommit: (
    repository: RepositoryRecord,
    sha: string,
  ) => Promise<readonly PullRequestOfCommit[]>;
  /** The pull requests merged last, newest first. */
  readonly recentlyMerged: (
    repository: RepositoryRecord,
    most: number,
  ) => Promise<readonly MergedPullRequest[]>;
  /** Checks that a branch requires, as far as an App without administration may see. */
  readonly requiredChecks: (
    repository: RepositoryRecord,
    branch: string,
  ) => Promise<readonly RequiredCheck[]>;
  /** What changed in an installation, as cheaply as GitHub tells it: in a call or two for hundreds of pull requests. */
  readonly activity: (question: ActivityQuestion) => Promise<Activity>;
  /** One fact that no digest of the activity shows, as a digest. */
  readonly hidden: (question: HiddenQuestion) => Promise<HiddenAnswer>;
  /** Runs a piece of work and tells how many calls it made. */
  readonly countingCalls: <T>(
    work: () => Promise<T>,
  ) => Promise<{ readonly answer: T; readonly calls: number }>;
  /** The App's own name in mentions. */
  readonly appSlug: () => Promise<string>;
  /** How far GitHub's clock is ahead of this machine's (ms), as its answers told lately. */
  readonly clockAhead: () => number;
}

/** A deployment as GitHub tells it. Instants are epoch ms. */
export interface DeploymentSeen {
  readonly deploymentId: number;
  readonly environment: string;
  readonly sha: string;
  readonly ref: string;
  readonly createdAt: number;
  readonly creator: Person | null;
}

/** A comment as it stands now. Instants are epoch ms of GitHub's clock. */
export interface CommentSeen {
  readonly body: string;
  readonly author: Person | null;
  readonly createdAt: number;
  /** Later than `createdAt`: it was edited. GitHub does not tell it of reviews. */
  readonly updatedAt: number;
  /** Number of the issue or pull request it stands on. */
  readonly issue: number;
  /** An App posts in a person's name. */
  readonly viaApp: boolean;
}

export interface TeamSeen {
  readonly id: number;
  /** Only its members and the organisation's owners see that it is there. */
  readonly isSecret: boolean;
}

export interface IssueSeen {
  readonly state: "open" | "closed";
  /** null: not closed, an account that is gone, or an App in somebody's name. */
  readonly closedBy: Person | null;
  readonly closedAt: number | null;
  readonly stateReason: string | null;
}

/** A pull request and what became of it. */
export interface PullRequestSeen {
  readonly state: "open" | "closed" | "merged";
  readonly author: Person | null;
  readonly headSha: string;
  /** The branch that it was held for: its stack's base where it is in a stack, else its own. */
  readonly baseRef: string;
  /** The commit on the base branch; null before the merge. */
  readonly mergeSha: string | null;
  readonly mergedBy: Person | null;
  readonly mergedAt: number | null;
}

/** `mergeSha` null: not merged. */
export interface PullRequestOfCommit {
  readonly number: number;
  readonly headSha: string;
  readonly baseRef: string;
  readonly mergeSha: string | null;
}

export interface MergedPullRequest {
  readonly number: number;
  readonly title: string;
  readonly headSha: string;
  readonly baseRef: string;
  readonly mergedAt: number;
}

export interface InstallationRecord {
  readonly id: number;
  readonly account: string;
  readonly accountId: number;
  readonly suspended: boolean;
  readonly permissions: Readonly<Record<string, string>>;
}

// ---------------------------------------------------------------- GitHub, writing

/** Performs one effect. Idempotent: `known` is what earlier tries left behind. */
export interface Publisher {
  readonly perform: (
    effect: Effect,
    repository: RepositoryRecord,
    known: KnownEffect,
  ) => Promise<PerformedEffect>;
  /** Whether a try on this target, of the content `hash`, that was cut off is seen to have taken effect; true also where it does not matter. */
  readonly hasLanded: (
    effect: Effect,
    repository: RepositoryRecord,
    cutOff: { readonly remoteId: number | null; readonly hash: string },
  ) => Promise<boolean>;
}

export interface KnownEffect {
  /** GitHub's id of the check run, comment or issue that an earlier effect on this target made. */
  readonly remoteId: number | null;
  /** An earlier try may have reached GitHub without being recorded: look before making another. */
  readonly maybeSent: boolean;
  /** How many annotations an earlier, interrupted try of this very content had appended. */
  readonly annotationsSent: number;
}

export interface PerformedEffect {
  readonly remoteId: number | null;
}

// ---------------------------------------------------------------- what is remembered

export interface Delivery {
  readonly guid: string;
  readonly event: string;
  readonly bodyHash: string;
  /** The body as received: JSON text. Removed once the delivery is old enough never to be needed. */
  readonly body: string;
  readonly receivedAt: number;
}

export interface Inbox {
  /** Durable when it returns. `duplicate`: this GUID, or this very body under another GUID, is here already. */
  readonly put: (delivery: Delivery) => Promise<"stored" | "duplicate">;
  /** Deliveries not yet routed, oldest first. */
  readonly unrouted: (limit: number) => Promise<readonly Delivery[]>;
  readonly markRouted: (guids: readonly string[], at: number) => Promise<void>;
  /** A delivery that cannot be routed is put aside with the reason; the others go on. */
  readonly deadLetter: (guid: string, reason: string) => Promise<void>;
  readonly knownGuids: (guids: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly prune: (before: number) => Promise<number>;
}

/** Something to do later. `key` makes equal wishes one: a burst of events on one subject is one row. */
export interface WorkItem {
  readonly key: string;
  readonly kind: string;
  readonly payload: unknown;
  /** Smaller is sooner; see `priorities`. */
  readonly priority: number;
  /** Not before this instant. */
  readonly runAt: number;
  /** A further wish within this time moves a waiting row's `runAt` on, never beyond first wish + `settleAtMost`. */
  readonly settleMs?: number;
  readonly settleAtMost?: number;
  /** Whose work it is (the installation): due rows are leased evenly over the shares. Left out: the common share. */
  readonly share?: string;
}

export const priorities = { deployment: 10, command: 20, pullRequest: 50, sweep: 90 } as const;

/** A leased row. `generation` is the fencing token: it rises with every lease, and only its holder may write. */
export interface Lease {
  readonly key: string;
  readonly kind: string;
  readonly payload: unknown;
  readonly generation: number;
  readonly attempts: number;
  /** Of the tries, those that failed for reasons of our own or took their process with them. */
  readonly faults: number;
  readonly leasedUntil: number;
}

export interface Queue {
  /** Adds or coalesces. A row that is leased now is run once more afterwards. */
  readonly mark: (items: readonly WorkItem[]) => Promise<void>;
  readonly lease: (
    owner: string,
    now: number,
    leaseMs: number,
    limit: number,
  ) => Promise<readonly Lease[]>;
  /** false when the lease is no longer ours. */
  readonly extend: (lease: Lease, until: number) => Promise<boolean>;
  readonly holds: (lease: Lease) => Promise<boolean>;
  /** Done. `wakeAt`: run again then, unless something marks it sooner. */
  readonly complete: (lease: Lease, wakeAt: number | null) => Promise<void>;
  /** `isFault`: it failed for a reason of our own, which trying again is unlikely to help. */
  readonly retry: (lease: Lease, at: number, error: string, isFault?: boolean) => Promise<void>;
  /** Too many attempts: the dead-letter queue; a new mark takes it out again. */
  readonly deadLetter: (lease: Lease, error: string) => Promise<void>;
  /** Releases what processes that are no longer alive held. */
  readonly releaseDead: (isAlive: (owner: string) => boolean) => Promise<number>;
  readonly release: (owner: string) => Promise<number>;
  readonly stats: (now: number) => Promise<QueueStats>;
  /** The next instant at which a row becomes due; null when none waits. */
  readonly nextDue: () => Promise<number | null>;
}

export interface QueueStats {
  readonly waiting: number;
  readonly due: number;
  readonly leased: number;
  readonly dead: number;
  /** Age in ms of the oldest due row. */
  readonly oldestDueMs: number;
}

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

export interface OutboxRow {
  readonly effect: Effect;
  readonly remoteId: number | null;
  readonly maybeSent: boolean;
  readonly annotationsSent: number;
  readonly sentHash: string | null;
  /** Failed tries of this very wish. */
  readonly attempts: number;
  /** The wish's content hash, as it was recorded: what `markSent` is told once it was performed. */
  readonly hash: string;
  /** When the last try failed; null when none did. */
  readonly failedAt: number | null;
}

/**
 * - `begun`: nobody else sends on this target; `sending` is told afterwards, `row` is what is to be sent.
 * - `taken`: another worker is sending on it now. `changed`: the wish is another one, or none, by now.
 * - `cut_off`: an earlier try, of the content `hash`, was broken off so lately that GitHub may still carry it out until `until`.
 */
export type SendingBegun =
  | { readonly kind: "begun"; readonly sending: number; readonly row: OutboxRow }
  | { readonly kind: "taken" }
  | { readonly kind: "changed" }
  | {
      readonly kind: "cut_off";
      readonly hash: string;
      readonly until: number;
      readonly row: OutboxRow;
    };

export interface AuditEntry {
  readonly at: number;
  readonly kind: string;
  readonly repository: number | null;
  readonly subject: string | null;
  readonly actor: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A merge group that is queued. Refs as GitHub writes them. */
export interface QueuedGroup {
  readonly headSha: string;
  readonly headRef: string;
  readonly baseRef: string;
  /** Its pull requests as they were told last; null: not yet. */
  readonly members: readonly number[] | null;
}

export interface Pushes {
  /** Entered once, however often it is delivered. */
  readonly add: (repository: number, push: PushSeen) => Promise<void>;
  readonly ofRef: (repository: number, ref: string) => Promise<readonly PushSeen[]>;
}

export interface MergeGroups {
  readonly save: (repository: number, group: QueuedGroup) => Promise<void>;
  readonly of: (repository: number) => Promise<readonly QueuedGroup[]>;
  readonly byHead: (repository: number, headSha: string) => Promise<QueuedGroup | null>;
  readonly drop: (repository: number, headSha: string) => Promise<void>;
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
  /** `audit` is recorded in the same transaction. */
  readonly savePolicy: (record: PolicyRecord, audit?: readonly AuditEntry[]) => Promise<void>;
  readonly lastDecision: (subjectKey: string) => Promise<DecisionRecord | null>;
  /** A small durable value by key (cursors, once-only marks). */
  readonly getValue: (key: string) => Promise<string | null>;
  readonly setValue: (key: string, value: string) => Promise<void>;
  /** true the first time only: a command is executed once per comment id. */
  readonly claimOnce: (key: string, at: number) => Promise<boolean>;
}

export interface Outbox {
  readonly pending: (limit: number) => Promise<readonly OutboxRow[]>;
  readonly row: (key: string) => Promise<OutboxRow | null>;
  /**
   * Durable before the request leaves: from here on an answer may be lost. One worker sends on a target at a time, over
   * all processes, as long as it holds its lease; throws "stale" when it does not any more. `isPast`: what was cut off
   * is known to be over.
   */
  readonly beginSending: (
    key: string,
    hash: string,
    lease: Lease | null,
    leaseUntil: number,
    isPast?: boolean,
  ) => Promise<SendingBegun>;
  readonly markAnnotationsSent: (key: string, count: number) => Promise<void>;
  /**
   * `audit` is recorded in the same transaction. false: another worker sent on the target meanwhile, so that nobody knows
   * whose word is last; the next one who looks sends again.
   */
  readonly markSent: (
    key: string,
    hash: string,
    remoteId: number | null,
    sending?: number,
    audit?: readonly AuditEntry[],
  ) => Promise<boolean>;
  readonly markFailed: (key: string, error: string, sending?: number) => Promise<void>;
  /** Drops a wish that must not be performed any more (the head moved on); with `hash`, only that very wish. */
  readonly drop: (key: string, hash?: string, audit?: readonly AuditEntry[]) => Promise<void>;
  readonly kinds: () => Promise<Readonly<Partial<Record<EffectKind, number>>>>;
}

export interface AuditLog {
  readonly append: (entries: readonly AuditEntry[]) => Promise<void>;
  /** Records the first time only that something is said under `key`; true then. */
  readonly appendOnce: (key: string, entries: readonly AuditEntry[]) => Promise<boolean>;
}

/**
 * What a record was composed of, and that must still be so when it is written: the number of a subject's last decision
 * (0: none), or a kept value, which the record changes.
 */
export type Premise =
  | { readonly kind: "decision"; readonly subjectKey: string; readonly number: number }
  | {
      readonly kind: "value";
      readonly key: string;
      readonly from: string | null;
      readonly to: string;
    };

/** One transaction: audit record, outbox effects, decision and its inputs stand or fall together; refused (`stale`) for a lost lease. */
export interface Ledger {
  readonly record: (input: {
    readonly lease: Lease | null;
    readonly decision: Omit<DecisionRecord, "number"> | null;
    /** Effects whose content hash equals what was sent last are dropped here; the rest are put in the outbox. */
    readonly effects: readonly { readonly effect: Effect; readonly hash: string }[];
    readonly audit: readonly AuditEntry[];
    readonly premises?: readonly Premise[];
    /** What the decision was made of, as its audit record names it by digest. */
    readonly kept?: readonly KeptText[];
    /** `outdated`: a premise does not hold any more; nothing was recorded. */
  }) => Promise<"recorded" | "outdated">;
}

/** What decisions were made of, by digest; removed once no decision of the time that is kept stands on it. */
export interface KeptInputs {
  /** Texts of the digests that are there. */
  readonly read: (digests: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Removes what no decision since `before` (epoch ms) stood on; answers how many pieces went. */
  readonly prune: (before: number) => Promise<number>;
}

/** What people did with the gate, append-only. */
export interface Acts {
  /** false when an act of this id is here already. Where it is new, `audit` is recorded in the same transaction. */
  readonly add: (act: Act, audit?: readonly AuditEntry[]) => Promise<boolean>;
  /** In the order in which they were said; `asHeard`: in which they were carried out. Fields left out do not narrow. */
  readonly find: (filter: {
    readonly asHeard?: boolean;
    readonly repository?: number;
    readonly pullRequest?: number;
    readonly environment?: string;
    readonly sha?: string;
    readonly kinds?: readonly ActKind[];
    readonly since?: number;
  }) => Promise<readonly Act[]>;
}

export interface Deployments {
  readonly save: (row: DeploymentRow) => Promise<void>;
  /**
   * Reads the row and writes what `change` makes of it (null: nothing), as one step: what an event says and what the
   * gate answers arrive at the same moment, and neither may undo the other. Answers with the row as it stands then.
   */
  readonly change: (
    key: {
      readonly repository: number;
      readonly deploymentId: number;
      readonly environment: string;
    },
    change: (row: DeploymentRow | null) => DeploymentRow | null,
  ) => Promise<DeploymentRow | null>;
  readonly row: (
    repository: number,
    deploymentId: number,
    environment: string,
  ) => Promise<DeploymentRow | null>;
  /** Newest first. */
  readonly inEnvironment: (
    repository: number,
    environment: string,
    limit: number,
  ) => Promise<readonly DeploymentRow[]>;
  readonly ofSha: (repository: number, sha: string) => Promise<readonly DeploymentRow[]>;
  /** Asked of our gate and not answered, oldest first. */
  readonly waiting: () => Promise<readonly DeploymentRow[]>;
  readonly environments: (repository: number) => Promise<readonly string[]>;
  /** Repositories with a deployment made since then. */
  readonly repositoriesSince: (createdAt: number) => Promise<readonly number[]>;
}

export interface Tickets {
  readonly save: (row: TicketRow) => Promise<void>;
  readonly row: (repository: number, key: string) => Promise<TicketRow | null>;
  readonly byIssue: (repository: number, issue: number) => Promise<TicketRow | null>;
  readonly open: (
    repository: number,
    purpose: TicketRow["purpose"],
  ) => Promise<readonly TicketRow[]>;
}

/** Everything durable, over one database. */
export interface Store {
  readonly acts: Acts;
  readonly deployments: Deployments;
  readonly tickets: Tickets;
  readonly inbox: Inbox;
  readonly queue: Queue;
  readonly records: Records;
  readonly pushes: Pushes;
  readonly mergeGroups: MergeGroups;
  readonly outbox: Outbox;
  readonly audit: AuditLog;
  readonly ledger: Ledger;
  readonly inputs: KeptInputs;
  /** Drops settled effects and superseded decisions older than this; a subject's last decision and the audit log stay. */
  readonly prune: (before: number) => Promise<number>;
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
}
