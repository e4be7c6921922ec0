import type { Acts } from "./acts.ts";
import type { AuditLog } from "./audit.ts";
import type { ContributorsSeen } from "./contributors.ts";
import type { Deployments } from "./deployments.ts";
import type { Inbox } from "./inbox.ts";
import type { KeptInputs, Ledger } from "./ledger.ts";
import type { Measurements } from "./measurements.ts";
import type { MergeGroups } from "./merge-groups.ts";
import type { Outbox } from "./outbox.ts";
import type { Pushes } from "./pushes.ts";
import type { Queue } from "./queue.ts";
import type { Records } from "./records.ts";
import type { Tickets } from "./tickets.ts";
import type { Views } from "./views.ts";
import type { ApiTokens, Sessions } from "./web.ts";

/** Everything durable, over one database. */
export interface Store {
  readonly acts: Acts;
  readonly deployments: Deployments;
  readonly tickets: Tickets;
  readonly inbox: Inbox;
  readonly queue: Queue;
  readonly records: Records;
  readonly pushes: Pushes;
  readonly contributors: ContributorsSeen;
  readonly mergeGroups: MergeGroups;
  readonly outbox: Outbox;
  readonly audit: AuditLog;
  readonly ledger: Ledger;
  readonly inputs: KeptInputs;
  readonly sessions: Sessions;
  readonly tokens: ApiTokens;
  readonly views: Views;
  readonly measurements: Measurements;
  /** Drops settled effects, superseded decisions, pushes, and sessions and tokens that ran out, of before this; a subject's last decision and the audit log stay. */
  readonly prune: (before: number) => Promise<number>;
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
}
