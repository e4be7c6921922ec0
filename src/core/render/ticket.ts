import type { Finding } from "#core/formats/findings/finding.ts";
import { inert, link } from "#core/text/markdown.ts";
import { oneLine } from "#core/text/plain-text.ts";
import { instant } from "#core/text/time.ts";

export interface TicketContext {
  readonly isPublic: boolean;
  /** Teams to be asked, `slug` or `org/slug`. */
  readonly teams: readonly string[];
  readonly owner: string;
  readonly branch: string;
  readonly severity: string;
  /** Epoch ms. */
  readonly dueAt: number | null;
  readonly marker: string;
}

/**
 * The issue for one finding. On a public repository it says no more than that there is one and where those who may can
 * look (threat T51); a secret's place is never told.
 */
export function renderTicket(
  finding: Finding,
  context: TicketContext,
): { readonly title: string; readonly body: string } {
  const { isPublic, severity, dueAt, branch, marker } = context;
  const hides = isPublic || finding.kind === "secret";
  const place =
    finding.path === undefined
      ? finding.package
      : `${finding.path}${finding.startLine === undefined ? "" : `:${finding.startLine}`}`;
  const what = hides ? `${finding.kind} finding of ${finding.tool}` : finding.title;
  const body = [
    `A finding of severity **${inert(severity)}** has reached \`${branch.replaceAll("`", "")}\`.`,
    hides
      ? `Its details are not shown here: ${finding.url === undefined ? "people who may see them find them in the scanner's report." : link("the alert", finding.url)}`
      : detailsOf(finding, place),
    ...(dueAt === null ? [] : [`**Due: ${instant(dueAt)}**`]),
    ...(context.teams.length === 0
      ? []
      : [
          `For ${context.teams.map((team) => `@${team.includes("/") ? team : `${context.owner}/${team}`}`).join(", ")}.`,
        ]),
    "Gatehouse closes this issue by itself once the finding is gone. Where it cannot be fixed, an owner of the policy waives it with a date.",
    marker,
  ];
  return {
    title: oneLine(
      `${severity}: ${what}${hides || place === undefined ? "" : ` in ${place}`}`,
      250,
    ),
    body: body.join("\n\n"),
  };
}

function detailsOf(finding: Finding, place: string | undefined): string {
  const lines = [
    `- Found by: ${inert(`${finding.tool}, ${finding.rule}`)}`,
    ...(place === undefined ? [] : [`- Where: ${inert(place)}`]),
    ...(finding.package === undefined || finding.package === place
      ? []
      : [`- Package: ${inert(finding.package)}`]),
    ...(finding.aliases.length === 0 ? [] : [`- Known as: ${inert(finding.aliases.join(", "))}`]),
    ...(finding.message === undefined ? [] : [`- ${inert(finding.message, 1_000)}`]),
    ...(finding.url === undefined ? [] : [`- ${link("More about it", finding.url)}`]),
  ];
  return lines.join("\n");
}

/** Why the gate changes a ticket's state. */
export const ticketComments = {
  gone: "The finding is gone from the default branch: closed.",
  unasked:
    "No rule of the policy asks for an issue about this finding any more: closed. The finding may still be there.",
  accepted: "The finding was dismissed or suppressed, which the policy accepts: closed.",
  waived: "A waiver of the policy accepts the finding: closed until it runs out.",
  back: "The finding is on the default branch, and the policy asks for an issue: opened again.",
} as const;
