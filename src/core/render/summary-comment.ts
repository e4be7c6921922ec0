import { link } from "#core/text/markdown.ts";

/** One part of the summary comment: an answer, an override, a deployment that waits. `text` is finished Markdown. */
export interface SummarySection {
  readonly name: string;
  readonly text: string;
  /** Epoch ms. */
  readonly at: number;
}

/** Everybody's last answer is a part of its own, and the list of commands is another: nobody's takes another's place. */
export const answerSection = (person: number, command: string | null): string =>
  command === "help" ? "answer:help" : `answer:${person}`;

export const summaryMarker = "<!-- gatehouse:words -->";

/** Oldest sections go first when it grows beyond what GitHub takes. */
const mostSections = 12;
const mostCharacters = 60_000;

/** What stands longest first: deployments that wait, then overrides and labels, then the last answer. */
const rank = ({ name }: SummarySection): number =>
  name.startsWith("rollout:")
    ? -1
    : name.startsWith("deployment:")
      ? 0
      : name.startsWith("override") || name.startsWith("label:")
        ? 1
        : 2;

/** The one summary comment of a pull request, edited in place. `page`: that of its newest decision, where there are pages. */
export function renderSummaryComment(
  sections: readonly SummarySection[],
  page: string | null,
): string {
  const kept = [...sections].sort((a, b) => b.at - a.at).slice(0, mostSections);
  let room = mostCharacters;
  const shown = kept.filter(({ text }) => {
    room -= text.length;
    return room > 0;
  });
  const ordered = shown.sort(
    (a, b) => rank(a) - rank(b) || a.at - b.at || (a.name < b.name ? -1 : 1),
  );
  return [
    summaryMarker,
    page === null ? "**Gatehouse**" : `**Gatehouse** · ${link("what it decides", page)}`,
    ...(ordered.length === 0
      ? ["Nothing waits for an answer here."]
      : ordered.map(({ text }) => text)),
  ].join("\n\n");
}
