export interface PullRequestRow {
  readonly repository: number;
  readonly number: number;
  readonly headSha: string;
  readonly headRef: string;
  /** The branch for whose rules GitHub holds it: its stack's base where it is in a stack, else its own. */
  readonly baseRef: string;
  /** The branch it is opened onto, where the stack's base is another. */
  readonly directBaseRef?: string | undefined;
  readonly state: "open" | "closed";
  /** The answer or payload that told whether it is in a stack; left out: none has. */
  readonly stackTold?: StackTold | undefined;
}

/** When a pull request's stack was told: its `updated_at` then (epoch ms, GitHub's clock). */
export interface StackTold {
  readonly asOf: number;
}
