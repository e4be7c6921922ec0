export interface TicketTable {
  readonly repository: number;
  readonly key: string;
  readonly purpose: "finding" | "review" | "running";
  readonly issue: number | null;
  readonly state: "wanted" | "open" | "closed";
  readonly opened_at: number;
  readonly due_at: number | null;
  readonly closed_at: number | null;
  /** JSON. */
  readonly detail: string;
}
