import type { Kysely } from "kysely";
import type { AuditHeadTable, AuditTable } from "./tables/audit.ts";
import type {
  ClaimTable,
  DecisionTable,
  KeptInputTable,
  SubjectStateTable,
  ValueTable,
} from "./tables/decisions.ts";
import type { DeploymentTable } from "./tables/deployments.ts";
import type { InboxTable } from "./tables/inbox.ts";
import type { MeasurementTable } from "./tables/measurements.ts";
import type { OutboxTable } from "./tables/outbox.ts";
import type { ActTable, ApiTokenTable, SessionTable } from "./tables/people.ts";
import type {
  ContributorTable,
  MergeGroupTable,
  PullPusherTable,
  PullRequestTable,
  PushTable,
} from "./tables/pull-requests.ts";
import type { CounterTable, QueueTable } from "./tables/queue.ts";
import type { PolicyTable, RepositoryTable } from "./tables/repositories.ts";
import type { TicketTable } from "./tables/tickets.ts";

/**
 * The tables. Instants are epoch milliseconds; `Flag` columns hold 0 or 1 and JSON columns hold text, on every
 * database alike, so that rows mean the same wherever they are read.
 */
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
  readonly measurements: MeasurementTable;
}

export type Db = Kysely<Tables>;
