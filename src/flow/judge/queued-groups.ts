import { UnclearGroup, type GatehouseError } from "#core/model/errors.ts";
import type { MergeGroupSubject } from "#core/model/subject.ts";
import type { QueuedGroup } from "#core/ports/merge-groups.ts";
import type { WorkItem } from "#core/ports/queue.ts";
import type { Deps } from "#flow/deps.ts";
import { judgeItem } from "#flow/jobs/judge-job.ts";

export const groupSubject = (repository: number, group: QueuedGroup): MergeGroupSubject => ({
  kind: "merge_group",
  repository,
  headSha: group.headSha,
  headRef: group.headRef,
  baseRef: group.baseRef,
});

const ontoIn = (headRef: string): string | null => /-([0-9a-f]{40,64})$/.exec(headRef)?.[1] ?? null;

/**
 * Whether a group whose list does not add up is still built on the tip of its base, by way of the groups before it: its
 * branch bears what it was built on. Where the tip itself could not be read, nothing says that it moved.
 */
export function isBuiltOnTip(
  group: Pick<QueuedGroup, "headRef">,
  known: readonly Pick<QueuedGroup, "headSha" | "headRef">[],
  untold: GatehouseError,
): boolean {
  if (!(untold instanceof UnclearGroup)) return true;
  const seen = new Set<string>();
  for (let onto = ontoIn(group.headRef); onto !== null && !seen.has(onto);) {
    if (onto === untold.tip) return true;
    seen.add(onto);
    const before = known.find(({ headSha }) => headSha === onto);
    onto = before === undefined ? null : ontoIn(before.headRef);
  }
  return false;
}

/** The queued merge groups that a pull request is in, or may be in: they are judged again with it. */
export async function groupItems(
  deps: Deps,
  repository: number,
  number: number,
): Promise<readonly WorkItem[]> {
  return (await deps.store.mergeGroups.of(repository))
    .filter(({ members }) => members === null || members.includes(number))
    .map((group) => judgeItem(groupSubject(repository, group), deps.clock.now(), true));
}
