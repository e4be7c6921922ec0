import type { TicketRow } from "#core/model/ticket.ts";

export interface Tickets {
  readonly save: (row: TicketRow) => Promise<void>;
  readonly row: (repository: number, key: string) => Promise<TicketRow | null>;
  readonly byIssue: (repository: number, issue: number) => Promise<TicketRow | null>;
  readonly open: (
    repository: number,
    purpose: TicketRow["purpose"],
  ) => Promise<readonly TicketRow[]>;
}
