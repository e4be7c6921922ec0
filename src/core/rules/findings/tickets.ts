import { countBySeverity } from "#core/formats/findings/annotations.ts";
import type { FindingTicket } from "#core/facts/findings.ts";
import type { Finding } from "#core/formats/findings/finding.ts";
import { listed } from "#core/text/phrases.ts";
import type { Counted } from "./count.ts";
import { effectiveSeverity, type FindingsParams } from "./params.ts";

export interface TicketSituation {
  readonly asked: FindingsParams;
  readonly counted: Pick<Counted, "blocking" | "ticketed">;
  readonly tickets: readonly FindingTicket[];
  readonly isPullRequest: boolean;
  readonly now: number;
}

/** Findings that get a ticket: at or above `ticket`, also where they block. */
export function ticketable(
  counted: Pick<Counted, "blocking" | "ticketed">,
  { ticket }: Pick<FindingsParams, "ticket">,
): readonly Finding[] {
  return ticket === "none" ? [] : [...counted.blocking, ...counted.ticketed];
}

/** What the check run says of tickets: those to come, those that are overdue, and those closed while the finding stands. */
export function ticketWords({
  asked,
  counted,
  tickets,
  isPullRequest,
  now,
}: TicketSituation): readonly string[] {
  if (asked.ticket === "none") return [];
  const findings = ticketable(counted, asked);
  const known = new Map(tickets.map((ticket) => [ticket.fingerprint, ticket]));
  const coming = findings
    .filter((finding) => !known.has(finding.fingerprint))
    .map((finding) => ({ severity: effectiveSeverity(finding, asked) }));
  const overdue = tickets.filter(
    (ticket) => ticket.state !== "closed" && ticket.dueAt !== null && ticket.dueAt <= now,
  );
  const closed = findings.flatMap((finding) => {
    const ticket = known.get(finding.fingerprint);
    return ticket?.state === "closed" ? [ticket] : [];
  });
  const names = (list: readonly FindingTicket[]): string =>
    listed(
      list.map(({ issue }) => (issue === null ? "one not opened yet" : `issue ${issue}`)),
      10,
    );
  return [
    ...(coming.length === 0
      ? []
      : [
          isPullRequest
            ? `on the default branch these get tickets: ${countBySeverity(coming)}`
            : `tickets to be opened: ${countBySeverity(coming)}`,
        ]),
    ...(overdue.length === 0
      ? []
      : [`overdue tickets of findings on the default branch: ${names(overdue)}`]),
    ...(closed.length === 0
      ? []
      : [`closed although the finding is still there: ${names(closed)}`]),
  ];
}
