import type { Effect } from "#core/model/effect.ts";
import type { StopsHeard } from "#core/model/terms.ts";
import type { KeptText } from "#core/record/keep.ts";
import type { AuditEntry } from "./audit.ts";
import type { Lease } from "./queue.ts";
import type { DecisionRecord } from "./records.ts";

/**
 * What a record was composed of, and that must still be so when it is written: the number of a subject's last decision
 * (0: none), a kept value, which the record changes, or what people had said by then that stops.
 */
export type Premise =
  | { readonly kind: "decision"; readonly subjectKey: string; readonly number: number }
  | {
      readonly kind: "value";
      readonly key: string;
      readonly from: string | null;
      readonly to: string;
    }
  | ({ readonly kind: "stops" } & StopsHeard);

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
