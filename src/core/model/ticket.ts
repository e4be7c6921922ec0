/** A GitHub issue opened once for one key: a finding's fingerprint, an override's review, a commit that runs and should not. */
export interface TicketRow {
  readonly repository: number;
  readonly key: string;
  readonly purpose: "finding" | "review" | "running";
  /** null: wanted and not opened yet. */
  readonly issue: number | null;
  readonly state: "wanted" | "open" | "closed";
  readonly openedAt: number;
  /** Epoch ms; null where nothing is due. */
  readonly dueAt: number | null;
  readonly closedAt: number | null;
  readonly detail: Readonly<Record<string, unknown>>;
}
