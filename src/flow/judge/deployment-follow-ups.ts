import { deploymentButtons } from "#core/commands/buttons.ts";
import { deployedPullRequests } from "#core/facts/deployed-range.ts";
import { counts, type RuleOutcome } from "#core/model/decision.ts";
import type { CheckRunAction } from "#core/model/effect.ts";
import { lookUp } from "#core/model/fact.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import type { WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { leavesOf } from "#core/policy/requirement.ts";
import { mergeOf } from "#core/record/merge-key.ts";
import { isRing } from "#core/rollout/order.ts";
import { deploymentWaits } from "#core/render/deployment-waits.ts";
import { approvals } from "#core/rules/approvals/rule.ts";
import type { Deps } from "#flow/deps.ts";
import { actsBehind } from "#flow/in-force/acts-behind.ts";
import { owedReviews } from "#flow/in-force/follow-ups.ts";
import { conversationKey } from "#flow/in-force/people-values.ts";
import { deploymentCommentJob, rolloutItem } from "#flow/jobs/deployment-jobs.ts";
import { decisionPage } from "./deployment-request.ts";
import type { DeploymentAssessment } from "./deployment-assessment.ts";

/** Rules for which the deployment waits for people. */
function waitingForPeople({
  kind,
  policy,
  decision,
}: DeploymentAssessment): readonly RuleOutcome[] {
  if (kind !== "hold" || policy === null || decision === null) return [];
  return decision.rules.filter((outcome) => {
    const rule = policy.rules.find(({ name }) => name === outcome.name);
    return (
      counts(outcome) &&
      outcome.verdict.kind === "pending" &&
      rule !== undefined &&
      leavesOf(rule.requirement).some((leaf) => leaf.rule.name === approvals.name)
    );
  });
}

/** The buttons of `gatehouse / <environment>` while people may answer. */
export async function deploymentActions(
  deps: Deps,
  subject: DeploymentSubject,
  assessed: DeploymentAssessment,
): Promise<readonly CheckRunAction[]> {
  if (waitingForPeople(assessed).length === 0) return [];
  const { repository, environment, sha } = subject;
  return deploymentButtons(
    (await actsBehind(deps.store, repository, null, environment, sha)).length,
  );
}

/** What follows from a judged deployment for people: the comment that says for what it waits, and reviews that are owed. */
export async function deploymentFollowUps(
  deps: Deps,
  repository: RepositoryRecord,
  subject: DeploymentSubject,
  assessed: DeploymentAssessment,
): Promise<readonly WorkItem[]> {
  const now = deps.clock.now();
  const { records } = deps.store;
  const waits = waitingForPeople(assessed);
  const carriedOn = await records.getValue(conversationKey(repository.id, subject.sha));
  const range = lookUp(assessed.facts, deployedPullRequests.need());
  const comment: readonly WorkItem[] =
    waits.length === 0 && carriedOn === null
      ? []
      : [
          deploymentCommentJob.item(
            {
              repository: repository.id,
              environment: subject.environment,
              sha: subject.sha,
              says:
                waits.length === 0
                  ? null
                  : deploymentWaits(subject, waits, decisionPage(deps, subject)),
              range: range?.ok === true ? range.value.map(({ number }) => number) : [],
            },
            now,
          ),
        ];
  const number = Number(
    carriedOn ?? (await records.getValue(mergeOf(repository.id, subject.sha))) ?? 0,
  );
  return [
    ...comment,
    ...(assessed.policy !== null && isRing(assessed.policy, subject.environment)
      ? [rolloutItem(repository.id, subject.sha, now)]
      : []),
    ...(await owedReviews(
      deps,
      repository,
      number,
      assessed.requests,
      assessed.decision?.rules ?? [],
      now,
    )),
  ];
}
