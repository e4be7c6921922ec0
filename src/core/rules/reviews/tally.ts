import type { Ask } from "#core/facts/ask.ts";
import { type Approver, mayStandForFiles } from "./approvers.ts";
import { isOwnedByOneOf, type OwnedFiles, resolveOwners } from "./code-owners.ts";
import { type Entry, type ReviewsParams, totalOf } from "./params.ts";

export interface EntryTally {
  readonly entry: Entry;
  readonly have: number;
}

/** What the approvals add up to. `waiting`: owned files that no owner approved yet. */
export interface Tally {
  readonly total: number;
  readonly entries: readonly EntryTally[];
  readonly waiting: readonly OwnedFiles[];
}

/** One person counts once in the total and once in each entry, however many teams they are in. */
export function tallyOf(
  approvers: readonly Approver[],
  params: ReviewsParams,
  owned: readonly OwnedFiles[],
  ask: Ask,
): Tally | undefined {
  const people = approvers.filter(mayStandForFiles).map(({ approval }) => approval.by);
  const approved = owned.map((files) =>
    people.length === 0 ? false : isOwnedByOneOf(files, people, ask),
  );
  if (approved.includes(undefined)) return undefined;
  return {
    total: approvers.filter(({ eligibility }) => eligibility.total).length,
    entries: (params.each ?? []).map((entry, i) => ({
      entry,
      have: approvers.filter(({ eligibility }) => eligibility.entries[i] === true).length,
    })),
    waiting: owned.filter((_, i) => approved[i] !== true),
  };
}

export function isEnough(tally: Tally, params: ReviewsParams): boolean {
  return (
    tally.total >= totalOf(params) &&
    tally.entries.every(({ entry, have }) => have >= entry.approvals) &&
    tally.waiting.length === 0
  );
}

/** The tally after the owners of waiting files were looked up, and the owners that nobody is. */
export function withResolvedOwners(
  tally: Tally,
  approvers: readonly Approver[],
  ask: Ask,
): { readonly tally: Tally; readonly unresolvable: readonly string[] } | undefined {
  const people = approvers.filter(mayStandForFiles).map(({ approval }) => approval.by);
  if (people.length === 0) return { tally, unresolvable: [] };
  const resolved = tally.waiting.map((files) => resolveOwners(files, people, ask));
  if (resolved.includes(undefined)) return undefined;
  return {
    tally: { ...tally, waiting: tally.waiting.filter((_, i) => resolved[i]?.approved !== true) },
    unresolvable: [...new Set(resolved.flatMap((each) => each?.unresolvable ?? []))],
  };
}
