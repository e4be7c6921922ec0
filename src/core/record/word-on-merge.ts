import type { Decision } from "#core/model/decision.ts";

/**
 * What the gate's last decision says of a merge. Only `judged` is a word on what was merged: the others were made of
 * another commit, for another branch, or while rules for what is ready did not look.
 */
export type WordOnMerge =
  | { readonly kind: "judged" | "as_draft"; readonly decision: Decision }
  | { readonly kind: "other_base"; readonly baseRef: string }
  | { readonly kind: "unjudged" };

/** A decision on a pull request as it is kept, with what it was made of. */
interface Judged {
  readonly headSha: string;
  readonly baseRef: string;
  readonly decision: Decision;
}

/** The one definition of "gated", of what was merged and of what is deployed. */
export function wordOnMerge(
  last: Judged | null,
  { headSha, baseRef }: { readonly headSha: string; readonly baseRef: string },
): WordOnMerge {
  if (last === null || last.headSha !== headSha) return { kind: "unjudged" };
  if (last.baseRef !== baseRef) return { kind: "other_base", baseRef: last.baseRef };
  return { kind: last.decision.asDraft === true ? "as_draft" : "judged", decision: last.decision };
}
