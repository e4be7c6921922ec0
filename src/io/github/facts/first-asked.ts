import type { Records } from "#core/ports/records.ts";
import { numberOf, type CommitSource } from "./subject-source.ts";

/** When what should report on a commit was first asked about, as a change to this base. */
export type FirstAsked = (source: CommitSource) => Promise<number>;

/** Kept, for a webhook that tells of a head may be lost, and a commit may be older than its place in a pull request. */
export function createFirstAsked(
  records: Pick<Records, "getValue" | "changeValue">,
  clock: { readonly now: () => number },
): FirstAsked {
  return async (source) => {
    const [base, sha] = await Promise.all([source.base(), source.sha()]);
    const key = `checks-asked:${source.repository.id}:${numberOf(source) ?? ""}:${sha}:${base}`;
    const before = await records.getValue(key);
    if (before !== null) return Number(before);
    const now = clock.now();
    await records.changeValue(key, (text) => (text === null ? String(now) : null));
    return Number((await records.getValue(key)) ?? now);
  };
}
