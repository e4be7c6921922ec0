/** A merge group that is queued. Refs as GitHub writes them. */
export interface QueuedGroup {
  readonly headSha: string;
  readonly headRef: string;
  readonly baseRef: string;
  /** Its pull requests as they were told last; null: not yet. */
  readonly members: readonly number[] | null;
}

export interface MergeGroups {
  readonly save: (repository: number, group: QueuedGroup) => Promise<void>;
  readonly of: (repository: number) => Promise<readonly QueuedGroup[]>;
  readonly byHead: (repository: number, headSha: string) => Promise<QueuedGroup | null>;
  readonly drop: (repository: number, headSha: string) => Promise<void>;
}
