import type { KnownEffect } from "#core/ports/publisher.ts";
import { GitHubError } from "../client/github-error.ts";

/**
 * Looks for what an earlier try made, or what was made after the backup from which the store was restored. After a
 * lost answer the look must succeed. If GitHub refuses to show what is otherwise unknown, the effect is performed
 * all the same: a second comment or issue is noticed and deleted, but a missing answer or review is not.
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
