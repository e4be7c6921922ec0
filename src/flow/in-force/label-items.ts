import type { AddedLabel } from "#core/facts/labels-added.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { WorkItem } from "#core/ports/queue.ts";
import type { Deps } from "#flow/deps.ts";
import { labelJob } from "#flow/jobs/pull-request-jobs.ts";
import { labelRequestKey, readLabelRequest } from "./people-values.ts";

export const sameLabel = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Labels of the policy's overrides that somebody has to look at: newly added, taken off, or left standing by a push. Costs no call. */
export async function labelItems(
  deps: Deps,
  policy: EffectivePolicy,
  repository: number,
  number: number,
  headSha: string,
  present: readonly string[],
  added: readonly AddedLabel[],
): Promise<readonly WorkItem[]> {
  const items: WorkItem[] = [];
  for (const { label } of policy.overrides) {
    if (label === undefined) continue;
    const labelRequest = readLabelRequest(
      await deps.store.records.getValue(labelRequestKey(repository, number, label)),
    );
    const stands = present.some((each) => sameLabel(each, label));
    const isAnother =
      labelRequest !== null &&
      added.some(({ name, at }) => sameLabel(name, label) && at !== labelRequest.addedAt);
    if (
      stands
        ? labelRequest === null || labelRequest.sha !== headSha || isAnother
        : labelRequest !== null
    )
      items.push(labelJob.item({ repository, number, label }, deps.clock.now()));
  }
  return items;
}
