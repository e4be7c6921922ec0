import type { Generated } from "kysely";
import type { ActKind } from "#core/model/act.ts";

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

export interface SessionTable {
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
  /** The account; null: no person made it, or it was not kept yet. */
  readonly created_by_id: number | null;
  readonly created_at: number;
  readonly expires_at: number;
  readonly revoked_at: number | null;
}
