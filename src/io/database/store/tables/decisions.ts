import type { Flag } from "./flag.ts";

export interface DecisionTable {
  readonly subject_key: string;
  readonly number: number;
  readonly head_sha: string;
  readonly base_ref: string;
  readonly policy_digest: string;
  readonly decision: string;
  readonly at: number;
}

export interface KeptInputTable {
  /** SHA-256 of the unpacked text. */
  readonly digest: string;
  /** The text, deflated. */
  readonly packed: Uint8Array;
  readonly used_at: number;
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

export interface ValueTable {
  readonly key: string;
  readonly value: string;
}

export interface ClaimTable {
  readonly key: string;
  readonly at: number;
}
