import { GatehouseError } from "#core/model/errors.ts";
import type { MergeGroupSubject, PullRequestSubject } from "#core/model/subject.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { renderShared, worst } from "#core/render/several.ts";
import type { Deps } from "#flow/deps.ts";
import type { Policies } from "#flow/policy/policies.ts";
import type { PullRequestAssessor } from "./assess-pull-request.ts";
import type { Assessment } from "./assessment.ts";
import { groupSession } from "./group-session.ts";
import { isBuiltOnTip } from "./queued-groups.ts";
import { withNotice } from "./what-stands.ts";

/** Its pull requests; where GitHub cannot tell them (any more), those that are known of it, and what is in the way. */
async function membersOf(
  deps: Deps,
  { headRef, headSha }: MergeGroupSubject,
  repository: RepositoryRecord,
): Promise<{ readonly numbers: readonly number[]; readonly untold: GatehouseError | null }> {
  try {
    const numbers = await deps.github.mergeGroupMembers(repository, headRef, headSha);
    if (numbers.length > 0) return { numbers, untold: null };
    throw new GatehouseError(
      "unavailable",
      "the pull requests of the merge group cannot be told yet",
    );
  } catch (error) {
    if (!(error instanceof GatehouseError) || error.code === "gone" || error.code === "stale")
      throw error;
    const numbers = (await deps.store.mergeGroups.byHead(repository.id, headSha))?.members ?? null;
    if (numbers === null || numbers.length === 0) throw error;
    return { numbers, untold: error };
  }
}

/** A merge group is judged for real: each member under the policy, with the checks, reports and scans of the group's own commit. */
export async function assessMergeGroup(
  deps: Deps,
  policies: Policies,
  assessPullRequest: PullRequestAssessor,
  subject: MergeGroupSubject,
  repository: RepositoryRecord,
): Promise<Assessment | null> {
  const resolved = await policies.of(repository);
  if (resolved.kind === "ungoverned") return null;
  const { numbers, untold } = await membersOf(deps, subject, repository);
  const group = deps.facts.open(subject, repository);
  const members: Assessment[] = [];
  for (const number of numbers) {
    const member: PullRequestSubject = {
      kind: "pull_request",
      repository: repository.id,
      number,
    };
    const own = deps.facts.open(member, repository);
    const assessed = await assessPullRequest(member, repository, groupSession(own, group), subject);
    if (assessed !== null) members.push(assessed);
  }
  const shared = renderShared(members);
  if (shared === undefined) return null;
  const wakes = members.map((member) => member.changesAt).filter((at): at is number => at !== null);
  const worstMember = members.find((member) => member.kind === shared.kind) ?? members[0];
  const worstBefore = worst(
    members.map((member) => ({ ...member, kind: member.asLastRead ?? member.kind })),
  );
  // Whatever its members are found to be: nobody knows whether they are all.
  const waits = untold !== null && shared.kind === "allow";
  const decision = worstMember?.decision ?? null;
  return {
    label: subject.headRef,
    kind: waits ? "wait" : shared.kind,
    rendered: waits
      ? withNotice(
          shared.rendered,
          "Waiting for GitHub: cannot tell the merge group's pull requests",
          `${untold.message}. Gatehouse tries again by itself.`,
        )
      : shared.rendered,
    decision: waits && decision !== null ? { ...decision, kind: "wait" } : decision,
    headSha: subject.headSha,
    baseRef: subject.baseRef,
    pullRequest: null,
    members: numbers,
    digest: resolved.digest,
    judged: members.flatMap((member) => member.judged),
    changesAt: wakes.length === 0 ? null : Math.min(...wakes),
    ownCheckRuns: group.ownCheckRuns(),
    retry:
      members.find((member) => member.retry !== null)?.retry ??
      (untold === null ? null : { at: untold.retryAt }),
    asLastRead:
      untold !== null &&
      !isBuiltOnTip(subject, await deps.store.mergeGroups.of(repository.id), untold)
        ? null
        : (worstBefore?.kind ?? null),
    editsPolicy: false,
    requests: members.flatMap((member) => member.requests),
    actions: [],
    followUps: [],
  };
}
