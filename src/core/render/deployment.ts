import type { Decision } from "#core/model/decision.ts";
import { unmetRules, type RenderedDecision } from "./decision.ts";
import { cut, oneLine } from "#core/text/plain-text.ts";
import { instant } from "#core/text/time.ts";

/** GitHub's cap for what an answer to a protection rule says, in characters; counted in bytes to be on the safe side. */
const commentCap = 1024;

const encoder = new TextEncoder();

/** As much of the text as fits before the link, at a whole character. */
function withLink(text: string, url: string): string {
  const tail = `\nDetails: ${url}`;
  const room = commentCap - encoder.encode(tail).length;
  let short = text;
  while (encoder.encode(short).length > room)
    short = cut(short, Math.max(1, Math.min(short.length - 1, room)));
  return `${short}${tail}`;
}

/** What it says, wherever the whole of it is to be found. */
export const withoutLink = (comment: string): string => comment.replace(/\nDetails: \S+$/, "");

/** What the answer stands on, where a reader finds the whole of it. */
export interface AnswerLink {
  /** The decision's page, or the check run's. */
  readonly url: string;
  readonly policy: string;
}

const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

/** One line for each rule that holds or ends it: the need, and who can do what. */
function unmetLines(decision: Decision): readonly string[] {
  return unmetRules(decision).map(({ name, verdict }) =>
    oneLine(
      `- ${name}: ${sentence(verdict.need === "" ? verdict.found : verdict.need)} ${verdict.next}`,
      400,
    ),
  );
}

export function approvalComment(rendered: RenderedDecision, place: AnswerLink): string {
  return withLink(
    oneLine(`Approved: ${sentence(rendered.title)} Judged by ${place.policy}.`, 900),
    place.url,
  );
}

export function rejectionComment(
  decision: Decision | null,
  rendered: RenderedDecision,
  place: AnswerLink,
): string {
  const lines = decision === null ? [] : unmetLines(decision);
  return withLink(
    [oneLine(`Rejected: ${sentence(rendered.title)}`, 600), ...lines].join("\n"),
    place.url,
  );
}

/** A status report: why it is held and until when. Nothing in it counts time, so that it changes only when the answer does. */
export function holdReport(
  decision: Decision | null,
  rendered: RenderedDecision,
  changesAt: number | null,
  place: AnswerLink,
): string {
  const lines = decision === null ? [] : unmetLines(decision);
  const wake =
    changesAt === null
      ? "Gatehouse approves by itself as soon as it may."
      : `Gatehouse judges again by itself at ${instant(changesAt)}, and at every change before.`;
  return withLink(
    [oneLine(`Held: ${sentence(rendered.title)}`, 600), ...lines, wake].join("\n"),
    place.url,
  );
}

/** The last report before GitHub gives up. */
export function expiryReport(
  expiresAt: number,
  rendered: RenderedDecision,
  place: AnswerLink,
): string {
  return withLink(
    oneLine(
      `Held, and GitHub gives up on this deployment at ${instant(expiresAt)}: ${sentence(rendered.title)}`,
      900,
    ),
    place.url,
  );
}

/** A deployment that cannot open before GitHub gives up on it is rejected now, so that nobody waits a month for nothing. */
export function opensTooLate(
  rendered: RenderedDecision,
  opensAt: number | null,
  expiresAt: number,
): RenderedDecision {
  const when = opensAt === null ? "it does not open" : `it opens ${instant(opensAt)}`;
  const why = `${when} before GitHub gives up on the deployment at ${instant(expiresAt)}`;
  const title =
    opensAt === null
      ? `Cannot open: ${why}`
      : `Opens too late: ${when}, and GitHub gives up on the deployment at ${instant(expiresAt)}`;
  return {
    ...rendered,
    title: oneLine(`${title}; ${rendered.title}`, 255),
    summary: `**Rejected.** ${title}. Deploy again nearer to the opening.\n\n${rendered.summary}`,
  };
}

/** Nothing stands in the repository that could judge. */
export function renderUngoverned(): RenderedDecision {
  return {
    title: "No policy governs this repository",
    summary:
      "Neither the repository nor its organisation has a Gatehouse policy, so there is nothing to judge.",
    text: null,
    annotations: [],
  };
}

/** We could not judge: GitHub did not answer, or we failed. */
export function renderTrouble(reason: string): RenderedDecision {
  return {
    title: oneLine(`Could not be judged yet: ${reason}`, 255),
    summary: "Nothing is approved on missing evidence. Gatehouse tries again by itself.",
    text: null,
    annotations: [],
  };
}
