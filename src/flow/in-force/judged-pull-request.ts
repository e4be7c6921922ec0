export interface JudgedPullRequest {
  readonly repository: number;
  readonly number: number;
  readonly headSha: string;
  /** null: they could not be read. */
  readonly labels: readonly string[] | null;
  readonly now: number;
}
