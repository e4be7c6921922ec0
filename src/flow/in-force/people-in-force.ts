import type { AddedLabel } from "#core/facts/labels-added.ts";
import type { Hold } from "#core/model/decision.ts";
import type { Override } from "#core/model/override.ts";
import { grantedOverrides, overrideRequests, type OverrideRequest } from "#core/overrides/grant.ts";
import { holdsInForce, labelsUntold } from "#core/overrides/holds.ts";
import { askedIn } from "#core/overrides/request.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { Deps } from "#flow/deps.ts";
import type { JudgedPullRequest } from "./judged-pull-request.ts";
import { headTime, readHeadTime } from "./people-values.ts";

/** Holds and overrides that decide about a pull request now. */
export interface PeopleInForce {
  readonly holds: readonly Hold[];
  readonly overrides: readonly Override[];
  readonly requests: readonly OverrideRequest[];
  /** How many acts there are: what the buttons of the check run are shown with. */
  readonly acts: number;
  /** Who put the labels on, where that was asked. */
  readonly labelsAdded: readonly AddedLabel[];
}

/** Holds and overrides of an open pull request, from what is recorded. */
export async function peopleInForce(
  deps: Deps,
  policy: EffectivePolicy,
  judged: JudgedPullRequest,
  /** null: the result is only shown and decides nothing, so the call is saved. */
  readLabels: (() => Promise<readonly AddedLabel[] | null>) | null,
): Promise<PeopleInForce> {
  const acts = await deps.store.acts.find({
    repository: judged.repository,
    pullRequest: judged.number,
  });
  const headAt = readHeadTime(
    await deps.store.records.getValue(headTime(judged.repository, judged.number)),
  );
  const around = {
    definitions: policy.overrides,
    shas: [judged.headSha],
    headSince: headAt?.sha === judged.headSha ? headAt.at : undefined,
    base: judged.baseRef,
    baseChangedAt: judged.baseChangedAt,
    now: judged.now,
    labels: judged.labels,
  };
  const first = overrideRequests(acts, around);
  // The label alone proves nothing; who added it, and when, is read only if it would let something through.
  const isByLabel = first.some(
    ({ act, state }) => state.kind !== "over" && askedIn(act).label !== null,
  );
  const labelsAdded = isByLabel ? await readLabels?.() : undefined;
  const requests = isByLabel ? overrideRequests(acts, { ...around, labelsAdded }) : first;
  const holds = [
    ...holdsInForce(acts, judged.labels ?? []),
    ...(judged.labels === null ? [labelsUntold] : []),
  ];
  // An override for one deployment does not apply to the merge.
  const ofMerge = requests.filter(({ act }) => (askedIn(act).deployment ?? null) === null);
  return {
    holds,
    overrides: grantedOverrides(ofMerge),
    requests,
    acts: acts.length,
    labelsAdded: labelsAdded ?? [],
  };
}
