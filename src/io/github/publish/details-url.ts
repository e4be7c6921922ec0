import { decisionPath } from "#core/record/decision-address.ts";
import type { EffectOf } from "./publish-context.ts";

/**
 * The page of the decision that a check run shows. It is no part of the effect's content: that people reach us under
 * another address is no reason to write every check run again.
 */
export function detailsUrl(
  { content: { externalId } }: EffectOf<"check_run">,
  pagesAt: (() => string) | null,
): string | undefined {
  // `<subject>:<beginning of the head>:<beginning of the content's hash>`; the page is that of subject and head.
  const decision = /^((?:pr|mg|dep):.+:[0-9a-f]{12}):[^:]+$/.exec(externalId)?.[1];
  return pagesAt === null || decision === undefined
    ? undefined
    : `${pagesAt()}${decisionPath(decision)}`;
}
