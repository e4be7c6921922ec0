import type { Act, ActKind } from "#core/model/act.ts";
import type { StopsHeard } from "#core/model/terms.ts";
import type { AuditEntry } from "./audit.ts";

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
    /** Leaves out what has run out by then. */
    readonly expiresAfter?: number;
  }) => Promise<readonly Act[]>;
  /** How many acts that stop are on record. */
  readonly countStops: (of: Omit<StopsHeard, "count">) => Promise<number>;
}
