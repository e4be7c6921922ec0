import type { Flag } from "./flag.ts";

export interface RepositoryTable {
  readonly id: number;
  readonly installation_id: number;
  readonly owner: string;
  readonly owner_id: number;
  readonly owner_type: "Organization" | "User";
  readonly name: string;
  /** owner/name in lower case: GitHub compares names so. Not unique: names are reused. */
  readonly full_name: string;
  readonly private: Flag;
  readonly archived: Flag;
  readonly default_branch: string;
  readonly active: Flag;
  readonly saved_at: number;
  /** null while it is private. */
  readonly public_since: number | null;
}

export interface PolicyTable {
  readonly repository: number;
  readonly blob_sha: string | null;
  readonly text: string | null;
  readonly last_good_blob_sha: string | null;
  readonly last_good_text: string | null;
  readonly binding: Flag;
  readonly obstacle: string | null;
  readonly checked_at: number;
}
