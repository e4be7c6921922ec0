import type { Override } from "#core/model/override.ts";
import { parseDuration } from "#core/text/duration.ts";
import type { OverrideDefinition } from "#core/policy/schema.ts";
import type { TicketRow } from "#core/model/ticket.ts";

/** The review that an override owes: one for each grant, told by the act that asked for it. */
export const reviewKey = (actId: string): string => `override:${actId}`;

/** Epoch ms by which somebody has looked at it; null where the policy asks for no review. */
export function reviewDueAt(override: Override, definition: OverrideDefinition): number | null {
  const within =
    definition.post_review === undefined ? undefined : parseDuration(definition.post_review.within);
  return within === undefined ? null : override.grantedAt + within;
}

/** Which override a review is of. */
export const reviewedOverride = (ticket: TicketRow): string | null =>
  typeof ticket.detail["override"] === "string" ? ticket.detail["override"] : null;

/** The oldest review of this kind that is overdue: while there is one, the next override of its name is refused. */
export function overdueReview(
  tickets: readonly TicketRow[],
  name: string,
  now: number,
): TicketRow | null {
  const overdue = tickets.filter(
    (ticket) =>
      ticket.purpose === "review" &&
      ticket.state !== "closed" &&
      reviewedOverride(ticket) === name &&
      ticket.dueAt !== null &&
      ticket.dueAt <= now,
  );
  return overdue.sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))[0] ?? null;
}
