import type { Generated, Kysely, Selectable } from "kysely";
import type { ActKind } from "#core/model/act.ts";
import type { Person } from "#core/model/actor.ts";
import type { DeploymentState } from "#core/model/deployment.ts";

/**
 * The tables. Instants are epoch milliseconds; `Flag` columns hold 0 or 1 and JSON columns hold text, on every
 * database alike, so that rows mean the same wherever they are read.
 */
type Flag = 0 | 1;

export interface Tables {
  readonly inbox: InboxTable;
  readonly queue: QueueTable;
  readonly counters: CounterTable;
  readonly repositories: RepositoryTable;
  readonly pull_requests: PullRequestTable;
  readonly pushes: PushTable;
  readonly merge_groups: MergeGroupTable;
  readonly contributors: ContributorTable;
  readonly pull_pushers: PullPusherTable;
  readonly policies: PolicyTable;
  readonly decisions: DecisionTable;
  readonly kept_values: ValueTable;
  readonly claims: ClaimTable;
  readonly outbox: OutboxTable;
  readonly audit_log: AuditTable;
  readonly audit_head: AuditHeadTable;
  readonly acts: ActTable;
  readonly deployments: DeploymentTable;
  readonly tickets: TicketTable;
  readonly kept_inputs: KeptInputTable;
  readonly sessions: SessionTable;
  readonly api_tokens: ApiTokenTable;
  readonly subject_states: SubjectStateTable;
}

export type Db = Kysely<Tables>;

interface InboxTable {
  readonly seq: Generated<number>;
  readonly guid: string;
  readonly event: string;
  readonly body_hash: string;
  /** null once routed: nobody reads it again. */
  readonly body: string | null;
  readonly received_at: number;
  readonly state: "unrouted" | "routed" | "buried";
  readonly settled_at: number | null;
  readonly reason: string | null;
}

interface QueueTable {
  readonly key: string;
  readonly kind: string;
  readonly payload: string;
  /** Rows of one group (an installation) share the workers fairly with other groups. */
  readonly share: string;
  readonly priority: number;
  readonly state: "waiting" | "leased" | "dead";
  /** waiting: when it may run; leased: when the lease ends; dead: null. */
  readonly due_at: number | null;
  /** Wishes not yet run, see `wishes.ts`. */
  readonly firm_at: number | null;
  readonly settling_at: number | null;
  readonly settling_since: number | null;
  readonly settling_last: number | null;
  readonly attempts: number;
  readonly error: string | null;
  readonly owner: string | null;
  readonly generation: number;
  /** Of the tries, those that failed for reasons of our own or took their process with them. */
  readonly faults: Generated<number>;
}

export type QueueRow = Selectable<QueueTable>;

interface CounterTable {
  readonly name: string;
  readonly value: number;
}

export interface RepositoryTable {
  readonly id: number;
  readonly installation_id: number;
  readonly owner: string;
  readonly owner_id: number;
  readonly owner_type: "Organization" | "User";
  readonly name: string;
  /** owner/name in lower case: GitHub compares names so. Not unique: names are reused. */
  readonly full_name: string;
  readonly private: Flag;
  readonly archived: Flag;
  readonly default_branch: string;
  readonly active: Flag;
  readonly saved_at: number;
}

export interface PullRequestTable {
  readonly repository: number;
  readonly number: number;
  readonly head_sha: string;
  readonly head_ref: string;
  readonly base_ref: string;
  readonly state: "open" | "closed";
  readonly direct_base_ref: string | null;
  readonly stack_as_of: number | null;
}

export interface PushTable {
  readonly repository: number;
  readonly ref: string;
  readonly before_sha: string;
  readonly after_sha: string;
  readonly kind: "creation" | "push" | "force_push" | "first_seen";
  /** 0: nobody was told. */
  readonly actor_id: number;
  readonly actor_login: string;
  readonly actor_type: "User" | "Bot" | "Organization" | "Mannequin";
  readonly at: number;
}

export interface ContributorTable {
  readonly repository: number;
  readonly number: number;
  readonly commit_sha: string;
  readonly person_id: number;
  readonly person_login: string;
  readonly person_type: Person["type"];
  readonly head_sha: string;
  readonly within_base: string | null;
}

export interface PullPusherTable {
  readonly repository: number;
  readonly number: number;
  readonly base_ref: string;
  readonly person_id: number;
  readonly person_login: string;
  readonly person_type: Person["type"];
}

export interface MergeGroupTable {
  readonly repository: number;
  readonly head_sha: string;
  readonly head_ref: string;
  readonly base_ref: string;
  /** JSON: numbers of its pull requests; null: not known yet. */
  readonly members: string | null;
}

interface PolicyTable {
  readonly repository: number;
  readonly blob_sha: string | null;
  readonly text: string | null;
  readonly last_good_blob_sha: string | null;
  readonly last_good_text: string | null;
  readonly binding: Flag;
  readonly obstacle: string | null;
  readonly checked_at: number;
}

interface DecisionTable {
  readonly subject_key: string;
  readonly number: number;
  readonly head_sha: string;
  readonly base_ref: string;
  readonly policy_digest: string;
  readonly decision: string;
  readonly at: number;
}

interface ValueTable {
  readonly key: string;
  readonly value: string;
}

interface ClaimTable {
  readonly key: string;
  readonly at: number;
}

export interface OutboxTable {
  readonly key: string;
  readonly kind: string;
  readonly effect: string;
  /** Content hash of `effect`: what is wished. */
  readonly hash: string;
  readonly pending: Flag;
  /** Rises with every wish: the order in which they are performed. */
  readonly wished: number;
  readonly remote_id: number | null;
  readonly maybe_sent: Flag;
  readonly annotations_sent: number;
  readonly sent_hash: string | null;
  readonly attempts: number;
  readonly failed_at: number | null;
  readonly error: string | null;
  /** When it was sent or dropped last. */
  readonly settled_at: Generated<number>;
  /** Rises with every try to send: whoever holds an older number has been overtaken. */
  readonly sending: Generated<number>;
  /** The lease (key and generation) under which somebody sends now; null when nobody does. */
  readonly sending_by: Generated<string | null>;
  readonly sending_generation: Generated<number | null>;
  /** When the try began that was neither answered nor given up yet, and the content it sent. */
  readonly sending_since: Generated<number | null>;
  readonly sending_hash: Generated<string | null>;
}

interface AuditTable {
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly repository: number | null;
  readonly subject: string | null;
  readonly actor: string | null;
  /** Canonical JSON. */
  readonly detail: string;
  readonly hash: string;
}

interface AuditHeadTable {
  readonly id: number;
  readonly seq: number;
  readonly hash: string;
}

export interface ActTable {
  readonly seq: Generated<number>;
  readonly id: string;
  readonly kind: ActKind;
  readonly repository: number;
  readonly pull_request: number | null;
  readonly environment: string | null;
  readonly sha: string | null;
  readonly name: string | null;
  /** JSON, like `detail`. */
  readonly actor: string;
  readonly at: number;
  /** By GitHub's clock; null where nobody said it to us in words (and for acts of before). */
  readonly said_at: number | null;
  readonly said_number: number | null;
  readonly expires_at: number | null;
  readonly reason: string;
  readonly detail: string;
}

export interface DeploymentTable {
  readonly repository: number;
  readonly deployment_id: number;
  readonly environment: string;
  readonly sha: string;
  readonly ref: string;
  readonly run_id: number | null;
  /** JSON. */
  readonly actor: string | null;
  readonly created_at: number;
  readonly state: DeploymentState;
  readonly started_at: number | null;
  readonly finished_at: number | null;
  readonly succeeded_at: number | null;
  readonly gate_requested_at: number | null;
  readonly gate_answered_at: number | null;
  readonly gate_answer: "approved" | "rejected" | null;
  readonly reports: number;
}

export interface TicketTable {
  readonly repository: number;
  readonly key: string;
  readonly purpose: "finding" | "review";
  readonly issue: number | null;
  readonly state: "wanted" | "open" | "closed";
  readonly opened_at: number;
  readonly due_at: number | null;
  readonly closed_at: number | null;
  /** JSON. */
  readonly detail: string;
}

interface KeptInputTable {
  /** SHA-256 of the unpacked text. */
  readonly digest: string;
  /** The text, deflated. */
  readonly packed: Uint8Array;
  readonly used_at: number;
}

interface SessionTable {
  readonly id: string;
  /** JSON. */
  readonly person: string;
  readonly sealed: string;
  readonly created_at: number;
  readonly expires_at: number;
}

export interface ApiTokenTable {
  readonly id: string;
  readonly hash: string;
  readonly purpose: "api" | "calendar";
  readonly name: string;
  /** JSON lists. */
  readonly repositories: string;
  readonly environments: string;
  readonly created_by: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly revoked_at: number | null;
}

export interface SubjectStateTable {
  readonly subject_key: string;
  readonly kind: "pull_request" | "merge_group" | "deployment";
  readonly repository: number;
  readonly number: number | null;
  readonly deployment_id: number | null;
  readonly environment: string | null;
  /** Who opened it or asked for it. */
  readonly author: string | null;
  readonly head_sha: string;
  readonly answer: string;
  readonly passes: Flag;
  readonly title: string;
  /** JSON. */
  readonly unmet: string;
  readonly since: number;
  readonly at: number;
  readonly changes_at: number | null;
  readonly seq: number;
}
