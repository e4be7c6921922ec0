import {
  type Finding,
  type FindingSource,
  findingSources,
} from "#core/formats/findings/finding.ts";
import type { TicketRow } from "#core/model/ticket.ts";
import type { BranchFindings } from "./ticketing-rules.ts";
import { ticketKey } from "./ticket-key.ts";

/** What is to be done about tickets; each step is safe to repeat. */
export type TicketStep =
  | { readonly kind: "open"; readonly finding: Finding; readonly row: TicketRow | null }
  | { readonly kind: "reopen"; readonly finding: Finding; readonly row: TicketRow }
  | {
      readonly kind: "close";
      readonly row: TicketRow;
      readonly why: "gone" | "waived" | "accepted" | "unasked";
    };

/**
 * Compares what the default branch holds with the tickets there are. `rows` by key: tickets not settled, and those of
 * wanted findings. A ticket that a person closed is left alone while the finding stands; one that the gate closed is
 * opened again when the finding is back.
 */
export function planTickets(
  found: BranchFindings,
  rows: ReadonlyMap<string, TicketRow>,
): readonly TicketStep[] {
  const wanted = new Set(found.wanted.map((finding) => ticketKey(finding.fingerprint)));
  const waived = new Set(found.waived.map((finding) => ticketKey(finding.fingerprint)));
  const opening = found.wanted.flatMap((finding): readonly TicketStep[] => {
    const row = rows.get(ticketKey(finding.fingerprint)) ?? null;
    if (row === null || row.state === "wanted") return [{ kind: "open", finding, row }];
    return row.state === "closed" && row.issue !== null ? [{ kind: "reopen", finding, row }] : [];
  });
  const closing = [...rows.values()].flatMap((row): readonly TicketStep[] => {
    if (row.purpose !== "finding" || row.state !== "open" || wanted.has(row.key)) return [];
    // What is closed though the finding is there says so, and not that it is gone.
    if (waived.has(row.key)) return [{ kind: "close", row, why: "waived" }];
    if (found.accepted.has(row.key)) return [{ kind: "close", row, why: "accepted" }];
    const { source, tool } = originOf(row);
    if (found.unasked.has(row.key) || (source !== null && !found.asks(source)))
      return [{ kind: "close", row, why: "unasked" }];
    return source !== null && found.isProven(source, tool)
      ? [{ kind: "close", row, why: "gone" }]
      : [];
  });
  return [...closing, ...opening];
}

/** Who reported the finding a ticket is about; what was recorded is checked as everything that comes from outside. */
function originOf(row: TicketRow): {
  readonly source: FindingSource | null;
  readonly tool: string;
} {
  const source = findingSources.find((one) => one === row.detail["source"]) ?? null;
  const tool = row.detail["tool"];
  return { source, tool: typeof tool === "string" ? tool : "" };
}
