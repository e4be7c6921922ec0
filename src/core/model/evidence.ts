/** Where a fact came from, so that a reader can check it: a link, a commit, a run, an instant, a digest. */
export interface Evidence {
  readonly label: string;
  readonly url?: string | undefined;
  readonly sha?: string | undefined;
  readonly at?: number | undefined;
  readonly digest?: string | undefined;
}

/** A remark on lines of a file, as GitHub's check-run annotations carry it (lines are 1-based, inclusive). */
export interface Annotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: "notice" | "warning" | "failure";
  readonly title: string;
  readonly message: string;
}
