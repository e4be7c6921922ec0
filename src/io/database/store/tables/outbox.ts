import type { Generated } from "kysely";
import type { Flag } from "./flag.ts";

export interface OutboxTable {
  readonly key: string;
  readonly kind: string;
  readonly effect: string;
  /** Content hash of `effect`. */
  readonly hash: string;
  readonly pending: Flag;
  /** Rises with every recorded effect: the order in which they are performed. */
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
  /** Rises with every try to send: a process with an older number has been overtaken. */
  readonly sending: Generated<number>;
  /** The lease (key and generation) under which somebody sends now; null when nobody does. */
  readonly sending_by: Generated<string | null>;
  readonly sending_generation: Generated<number | null>;
  /** When the try began that was neither answered nor given up yet, and the content it sent. */
  readonly sending_since: Generated<number | null>;
  readonly sending_hash: Generated<string | null>;
}
