import type { Person } from "#core/model/actor.ts";

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
