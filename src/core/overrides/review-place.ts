import type { TicketRow } from "#core/model/ticket.ts";

/** Kept in a ticket whose issue GitHub does not show any more: it was deleted, or issues were switched off. */
export const unseen = "unseen";

/** The issue in which a review is done; null: there is none (any more), and a command does it. */
export const reviewIssue = ({
  issue,
  detail,
}: Pick<TicketRow, "issue" | "detail">): number | null => (detail[unseen] === true ? null : issue);
