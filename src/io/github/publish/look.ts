import type { KnownEffect } from "#core/ports/publisher.ts";
import { GitHubError } from "../client/github-error.ts";

/**
 * Looks for what an earlier try made, or an earlier life of the store of which a backup put back knows nothing. A lost
 * answer has to be cleared up. Where GitHub refuses to show what nobody saw, it is made all the same: a second comment
 * or issue is noticed and deleted, but nobody notices the answer or the review that was never given.
 */
export async function lookBefore(
  { maybeSent, isUnseen }: Pick<KnownEffect, "maybeSent" | "isUnseen">,
  look: (why: "lost answer" | "unseen") => Promise<number | null>,
): Promise<number | null> {
  if (maybeSent) return look("lost answer");
  if (isUnseen !== true) return null;
  return look("unseen").catch((error: unknown) => {
    const isRefused =
      error instanceof GitHubError && ["forbidden", "not_found", "incomplete"].includes(error.code);
    if (isRefused) return null;
    throw error;
  });
}
