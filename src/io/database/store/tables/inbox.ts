import type { Generated } from "kysely";

export interface InboxTable {
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
