import type { Effect, EffectKind } from "#core/model/effect.ts";
import type { AuditEntry } from "./audit.ts";
import type { Lease } from "./queue.ts";

export interface OutboxRow {
  readonly effect: Effect;
  readonly remoteId: number | null;
  readonly maybeSent: boolean;
  readonly annotationsSent: number;
  readonly sentHash: string | null;
  /** Failed tries of this effect with this content. */
  readonly attempts: number;
  /** The recorded content hash, to be given to `markSent` once the effect was performed. */
  readonly hash: string;
  /** When the last try failed; null when none did. */
  readonly failedAt: number | null;
}

/**
 * - `begun`: nobody else sends on this target; `sending` is told afterwards, `row` is what is to be sent.
 * - `taken`: another worker is sending on it now. `changed`: a different effect, or none, is wanted by now.
 * - `cut_off`: an earlier try, of the content `hash`, was broken off so lately that GitHub may still carry it out
 *   until `until`.
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
  /** Drops an effect that must not be performed any more (the head moved on); with `hash`, only that content of it. */
  readonly drop: (key: string, hash?: string, audit?: readonly AuditEntry[]) => Promise<void>;
  readonly kinds: () => Promise<Readonly<Partial<Record<EffectKind, number>>>>;
}
