import type { TicketRow } from "#core/model/ticket.ts";

export interface Tickets {
  readonly save: (row: TicketRow) => Promise<void>;
  /** Reads and writes a row in one step, over all processes; null leaves it. Answers what stands then. */
  readonly change: (
    repository: number,
    key: string,
    change: (before: TicketRow | null) => TicketRow | null,
  ) => Promise<TicketRow | null>;
  readonly row: (repository: number, key: string) => Promise<TicketRow | null>;
  readonly byIssue: (repository: number, issue: number) => Promise<TicketRow | null>;
  readonly open: (
    repository: number,
    purpose: TicketRow["purpose"],
  ) => Promise<readonly TicketRow[]>;
}
