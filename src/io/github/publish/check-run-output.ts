import type { CheckRunContent } from "#core/model/effect.ts";
import type { Annotation } from "#core/model/evidence.ts";
import { GitHubError } from "../client/github-error.ts";
import { writeCaps } from "../client/caps.ts";
import { cutLine, cutText, within } from "./within.ts";

export interface WireAnnotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: "notice" | "warning" | "failure";
  readonly message: string;
  readonly title: string;
}

/** GitHub refuses the whole request for one annotation without a line or a message. */
export function toWire(annotation: Annotation): WireAnnotation {
  const start = Math.max(1, Math.trunc(annotation.startLine));
  return {
    path: annotation.path,
    start_line: start,
    end_line: Math.max(start, Math.trunc(annotation.endLine)),
    annotation_level: annotation.level,
    message: within(
      annotation.message === "" ? annotation.title : annotation.message,
      writeCaps.annotationMessage,
      cutLine,
    ),
    title: within(annotation.title, writeCaps.title, cutLine),
  };
}

export function outputOf(content: CheckRunContent, annotations: readonly WireAnnotation[]) {
  return {
    title: within(content.title, writeCaps.title, cutLine),
    summary: within(content.summary, writeCaps.text, cutText),
    ...(content.text === null ? {} : { text: within(content.text, writeCaps.text, cutText) }),
    ...(annotations.length === 0 ? {} : { annotations: [...annotations] }),
  };
}

/** Everything but the output. An identifier is a key and is never cut: one that is too long is a mistake of ours. */
export function stateOf(content: CheckRunContent, detailsUrl: string | undefined) {
  const long = content.actions.find(
    (action) => action.identifier.length > writeCaps.actionIdentifier,
  );
  if (long !== undefined)
    throw new GitHubError(
      "invalid",
      `the button "${long.identifier}" has an identifier of more than ${writeCaps.actionIdentifier} characters`,
    );
  const actions = content.actions.slice(0, writeCaps.actions).map((action) => ({
    label: within(action.label, writeCaps.actionLabel, cutLine),
    description: within(action.description, writeCaps.actionDescription, cutLine),
    identifier: action.identifier,
  }));
  return {
    external_id: content.externalId,
    ...(detailsUrl === undefined ? {} : { details_url: detailsUrl }),
    actions,
    ...(content.status === "completed" && content.conclusion !== null
      ? { status: "completed" as const, conclusion: content.conclusion }
      : { status: "in_progress" as const }),
  };
}
