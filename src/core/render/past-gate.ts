import { inert } from "#core/text/markdown.ts";
import { oneLine } from "#core/text/plain-text.ts";
import { instant } from "#core/text/time.ts";
import type { RenderedDecision } from "./decision.ts";

/** What reached an environment past the gate, or would. */
export interface PastGate {
  readonly environment: string;
  /** null: nothing was deployed yet, the environment itself is the matter. */
  readonly sha: string | null;
  /** How, as the rest of a sentence. */
  readonly how: string;
  readonly by: string;
  readonly at: number;
}

export const pastGateTitle = ({ environment, sha }: PastGate): string =>
  oneLine(
    sha === null
      ? `Review: ${environment} does not ask the gate`
      : `Review: ${environment} was deployed to past the gate`,
    200,
  );

/** The issue in which somebody looks at it. `who`: whose review it is and until when. */
export function pastGateBody({ environment, sha, how, by, at }: PastGate, who: string): string {
  if (sha === null) {
    return [
      `The environment **${inert(environment)}** does not ask Gatehouse: ${inert(how, 600)}. What is deployed there is not judged.`,
      "An administrator switches the Gatehouse protection rule on in the environment's settings, or renames or removes the environment; or a maintainer of the policy names it in a rule.",
      who,
    ].join("\n\n");
  }
  return [
    `Commit ${inert(sha.slice(0, 7))} in ${inert(environment)}: ${inert(how, 600)}. Asked for by ${inert(`@${by}`)}, ${instant(at)}.`,
    "Look at what went out, and at whether it should stay.",
    who,
  ].join("\n\n");
}

/** What the check run of the environment says on such a commit. */
export function renderPastGate({ environment, how, by, at }: PastGate): RenderedDecision {
  return {
    title: oneLine(`Deployed past the gate: ${how}`, 255),
    summary: `**Deployed past the gate.** ${inert(environment)}: ${inert(how, 600)}. Asked for by ${inert(`@${by}`)}, ${instant(at)}. It is on record, and an issue asks for a review.`,
    text: null,
    annotations: [],
  };
}
