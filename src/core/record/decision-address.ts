import { urlPart } from "#core/text/url-part.ts";

const headDigits = 12;

/** Names the newest decision on a commit of a subject, which is what a check run's link means. */
export const decisionId = ({
  subjectKey,
  headSha,
}: {
  readonly subjectKey: string;
  readonly headSha: string;
}): string => `${subjectKey}:${headSha.slice(0, headDigits)}`;

/** The address of a decision's page, below our root. An environment's name may hold anything. */
export const decisionPath = (id: string | number): string =>
  `/decisions/${urlPart(String(id)).replaceAll("%3A", ":")}`;

/**
 * Names a decision in addresses: a number of the audit log is that very decision; a subject's key and the beginning of
 * a commit is the newest one on that commit, which is what a check run's link means.
 */
export type DecisionName =
  | { readonly kind: "entry"; readonly seq: number }
  | { readonly kind: "newest"; readonly subjectKey: string; readonly head: string | null };

/** Hostile input: what is no name of a decision is null. */
export function readDecisionId(id: string): DecisionName | null {
  if (/^[1-9]\d{0,14}$/.test(id)) return { kind: "entry", seq: Number(id) };
  const key = /^((?:pr|mg|dep):\d{1,15}:[^\0-\x1f\x7f]{1,300}?)(?::([0-9a-f]{12}))?$/.exec(id);
  const subjectKey = key?.[1];
  return subjectKey === undefined ? null : { kind: "newest", subjectKey, head: key?.[2] ?? null };
}
