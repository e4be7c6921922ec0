import type { MergeGroupSubject } from "#core/model/subject.ts";
import type { QueuedGroup, WorkItem } from "#core/ports/index.ts";
import type { House } from "#flow/deps.ts";
import { judgeItem } from "#flow/jobs/judge-item.ts";

export const groupSubject = (repository: number, group: QueuedGroup): MergeGroupSubject => ({
  kind: "merge_group",
  repository,
  headSha: group.headSha,
  headRef: group.headRef,
  baseRef: group.baseRef,
});

/** The queued merge groups that a pull request is in, or may be in: whatever judges it again judges them again. */
export async function groupItems(
  house: House,
  repository: number,
  number: number,
): Promise<readonly WorkItem[]> {
  return (await house.store.mergeGroups.of(repository))
    .filter(({ members }) => members === null || members.includes(number))
    .map((group) => judgeItem(groupSubject(repository, group), house.clock.now(), true));
}
