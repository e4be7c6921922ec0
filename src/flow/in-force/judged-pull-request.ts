export interface JudgedPullRequest {
  readonly repository: number;
  readonly number: number;
  readonly headSha: string;
  readonly baseRef?: string | undefined;
  /** When its base was changed or rewritten last, by GitHub's clock (epoch ms). */
  readonly baseChangedAt?: number | undefined;
  /** null: they could not be read. */
  readonly labels: readonly string[] | null;
  readonly now: number;
}
