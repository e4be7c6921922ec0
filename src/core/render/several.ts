import type { DecisionKind } from "#core/model/decision.ts";
import { inert } from "#core/text/markdown.ts";
import { oneLine } from "#core/text/plain-text.ts";
import type { RenderedDecision } from "./decision.ts";

/** One pull request's answer among those that share a commit. */
export interface SharedAnswer {
  readonly label: string;
  readonly kind: DecisionKind;
  readonly rendered: RenderedDecision;
}

const severity: Readonly<Record<DecisionKind, number>> = { deny: 0, wait: 1, allow: 2 };

/** The worst of several answers: a commit is only as good as its worst pull request (threat T15). */
export function worst(answers: readonly SharedAnswer[]): SharedAnswer | undefined {
  return [...answers].sort(
    (a, b) => severity[a.kind] - severity[b.kind] || a.label.localeCompare(b.label),
  )[0];
}

/** One text for a commit that several pull requests (or a merge group's members) share. */
export function renderShared(
  answers: readonly SharedAnswer[],
): { readonly kind: DecisionKind; readonly rendered: RenderedDecision } | undefined {
  const first = worst(answers);
  if (first === undefined) return undefined;
  if (answers.length === 1) return first;
  const agree = answers.every(
    (answer) => answer.kind === first.kind && answer.rendered.title === first.rendered.title,
  );
  return {
    kind: first.kind,
    rendered: {
      title: oneLine(agree ? first.rendered.title : `${first.label}: ${first.rendered.title}`, 255),
      summary: [
        `This commit is judged for ${answers.length} pull requests; the strictest answer counts.`,
        ...answers.map((answer) => `### ${inert(answer.label)}\n\n${answer.rendered.summary}`),
      ].join("\n\n"),
      text:
        answers
          .map((answer) => answer.rendered.text)
          .filter((text) => text !== null)
          .join("\n\n") || null,
      annotations: first.rendered.annotations,
    },
  };
}
