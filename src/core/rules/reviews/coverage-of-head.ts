import { directBaseOf, type PullRequestFact } from "#core/facts/pull-request.ts";
import { sameDiff } from "#core/facts/reviews.ts";
import type { Ask } from "#core/facts/ask.ts";
import { short } from "#core/text/phrases.ts";
import type { Stance } from "./latest-decisive.ts";
import type { ReviewsParams } from "./params.ts";

/** Whether an approval still covers what would be merged. `stale` may still count if the diff is equal. */
export type Coverage =
  | { readonly kind: "covers" }
  | { readonly kind: "stale"; readonly sha: string }
  | { readonly kind: "void"; readonly why: string };

/**
 * Compares commits, never dates: a back-dated commit is another commit all the same (threat T7), and a push between
 * approval and evaluation leaves the approval at the older one (threat T5).
 */
export function coverageOf(
  approval: Stance,
  pull: PullRequestFact,
  stale: ReviewsParams["stale"],
): Coverage {
  if (stale === "keep") return { kind: "covers" };
  // Another base is another diff, even when the head did not move (threat T14). GitHub tells seconds: in the same one,
  // nobody can have seen the new base for certain.
  if (pull.baseHistoryUnknown !== undefined) {
    return {
      kind: "void",
      why: `whether the base changed since cannot be told: ${pull.baseHistoryUnknown}`,
    };
  }
  if (pull.baseChangedAt !== undefined && approval.submittedAt <= pull.baseChangedAt) {
    return {
      kind: "void",
      why:
        pull.baseRewritten === true
          ? `approved before the base branch ${directBaseOf(pull)} was force-pushed, deleted or made anew, which makes another diff`
          : `approved before the base became ${directBaseOf(pull)}`,
    };
  }
  if (approval.commitSha === pull.headSha) return { kind: "covers" };
  if (approval.commitSha === null) return { kind: "void", why: "approved a commit that is gone" };
  if (stale === "dismiss")
    return { kind: "void", why: `approved the earlier commit ${short(approval.commitSha)}` };
  return { kind: "stale", sha: approval.commitSha };
}

/**
 * Why an approval of an earlier commit is void, or null when the diff is still the one that was approved: a rebase or
 * a clean merge of the base keeps it, an edit hidden in a merge does not (threat T12). `undefined` while unread.
 */
export function whyDiffVoids(sha: string, ask: Ask): string | null | undefined {
  const diff = ask(sameDiff.need(sha));
  if (diff === undefined) return undefined;
  if (diff.same) return null;
  const [first] = diff.changedPaths;
  const more = diff.changedPaths.length > 1 ? ` and ${diff.changedPaths.length - 1} more` : "";
  return `approved ${short(sha)}; since then ${first === undefined ? "the diff" : `${first}${more}`} changed`;
}
