import type { Deps } from "#flow/deps.ts";
import { conversationKey } from "#flow/in-force/people-values.ts";
import type { HandlerOf } from "#flow/jobs/define-job.ts";
import type { deploymentCommentJob } from "#flow/jobs/deployment-jobs.ts";
import { done } from "#flow/jobs/outcome.ts";
import type { Policies } from "#flow/policy/policies.ts";
import type { SummaryComment } from "#flow/publish/summary-comment.ts";
import { conversationPull } from "./conversation-pull.ts";

/** Comments on the pull request of the commit what its deployment waits for, and how to answer. */
export function createDeploymentComment(
  deps: Deps,
  policies: Policies,
  summary: SummaryComment,
): HandlerOf<typeof deploymentCommentJob> {
  const { store } = deps;
  return async ({ lease, payload: { environment, sha, says, range }, repository }) => {
    const { id } = repository;
    const number = await conversationPull(deps, policies, repository, sha, range);
    if (number === null) return done;
    await store.records.setValue(conversationKey(id, sha), String(number));
    await summary.update(lease, repository, number, [
      { name: `deployment:${environment}`, text: says },
    ]);
    return done;
  };
}
