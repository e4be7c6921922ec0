import type { Annotation } from "#core/model/evidence.ts";
import type { CheckRunAction, CheckRunContent } from "#core/model/effect.ts";
import type { DecisionKind } from "#core/model/decision.ts";
import { cut, cutBytes, oneLine } from "#core/text/plain-text.ts";
import type { RenderedDecision } from "./decision.ts";

/** GitHub's caps (REST API, Create a check run): summary and text in bytes, the rest in characters. */
const longCap = 65_535;
const messageCap = 64_000;
const annotationTitleCap = 255;
/** More than this no reader uses; the rest is counted in one last notice. */
const annotationCap = 250;

/** allow → success, deny → failure, wait → in_progress. Never neutral or skipped: GitHub would let those pass. */
function stateOf(kind: DecisionKind): Pick<CheckRunContent, "status" | "conclusion"> {
  switch (kind) {
    case "allow":
      return { status: "completed", conclusion: "success" };
    case "deny":
      return { status: "completed", conclusion: "failure" };
    case "wait":
      return { status: "in_progress", conclusion: null };
  }
}

const cutNote =
  "\n\n… cut here: GitHub shows no more than 65,535 bytes. The command line's `gatehouse explain` has the rest.";

function safeAnnotation(annotation: Annotation): Annotation {
  return {
    ...annotation,
    startLine: Math.max(1, annotation.startLine),
    endLine: Math.max(1, annotation.startLine, annotation.endLine),
    title: oneLine(annotation.title, annotationTitleCap),
    message: cut(annotation.message, messageCap),
  };
}

const weight = { failure: 0, warning: 1, notice: 2 } as const;

function fitting(annotations: readonly Annotation[]): readonly Annotation[] {
  const sorted = annotations.map(safeAnnotation).sort((a, b) => weight[a.level] - weight[b.level]);
  const kept = sorted.slice(0, annotationCap);
  const last = kept.at(-1);
  if (sorted.length === kept.length || last === undefined) return kept;
  return [
    ...kept.slice(0, -1),
    {
      ...last,
      level: "notice",
      title: "More findings",
      message: `and ${sorted.length - kept.length + 1} more that are not shown as annotations`,
    },
  ];
}

/** What GitHub is sent for a decision. `externalId` names subject and decision. */
export function checkRunContent(
  kind: DecisionKind,
  rendered: RenderedDecision,
  externalId: string,
  actions: readonly CheckRunAction[] = [],
): CheckRunContent {
  return {
    ...stateOf(kind),
    title: oneLine(rendered.title, 255),
    summary: cutBytes(rendered.summary, longCap, cutNote),
    text: rendered.text === null ? null : cutBytes(rendered.text, longCap, cutNote),
    annotations: fitting(rendered.annotations),
    actions,
    externalId,
  };
}

/**
 * What a check run says once nobody waits for the answer that it announced. Neither red, for nothing was refused, nor
 * anything that a required check takes for green (docs.github.com, "About status checks": of the conclusions of completed
 * checks success, skipped and neutral let through).
 */
export const letGoContent = (announced: CheckRunContent): CheckRunContent => ({
  ...announced,
  status: "completed",
  conclusion: "cancelled",
  title: "No answer is waited for any more",
  summary:
    "The run that asked has ended, or its job was started without an answer. Nothing was allowed or refused here. Starting the deployment again asks again.",
  text: null,
  annotations: [],
  actions: [],
});
