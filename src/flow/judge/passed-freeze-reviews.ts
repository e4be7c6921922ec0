import { freezesPassedOwingReview, reviewersOf, reviewWithin } from "#core/decide/owing-review.ts";
import { subjectKey, type DeploymentSubject } from "#core/model/subject.ts";
import type { WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { decisionId } from "#core/record/decision-address.ts";
import { inert } from "#core/text/markdown.ts";
import type { Deps } from "#flow/deps.ts";
import { openReviewJob } from "#flow/jobs/review-jobs.ts";
import { afterAnswerMs, reviewersText } from "#flow/reviews/open-review.ts";
import type { DeploymentAssessment } from "./deployment-assessment.ts";

/** Reviews owed for what lets this deployment pass: freezes that a label exempted it from. */
export function passedFreezeReviewItems(
  deps: Deps,
  repository: RepositoryRecord,
  subject: DeploymentSubject,
  assessed: DeploymentAssessment,
): readonly WorkItem[] {
  const { policy, facts, decision } = assessed;
  if (policy === null || decision === null) return [];
  const now = deps.clock.now();
  return freezesPassedOwingReview(policy, subject, facts, decision.now).map(
    ({ freeze, because }) => {
      const dueAt = now + reviewWithin(policy);
      return openReviewJob.item(
        {
          repository: repository.id,
          key: `exempt:${subject.deploymentId}:${subject.environment}:${freeze}`,
          title: `Review: ${subject.sha.slice(0, 7)} went to ${subject.environment} during freeze ${freeze}`,
          body: [
            `${inert(subject.sha.slice(0, 7))} was deployed to ${inert(subject.environment)} although a freeze was on: ${inert(because, 600)}.`,
            reviewersText(reviewersOf(policy), repository.owner, dueAt),
          ].join("\n\n"),
          assignees: [...reviewersOf(policy).users],
          dueAt,
          detail: { environment: subject.environment, sha: subject.sha, freeze },
          decision: decisionId({ subjectKey: subjectKey(subject), headSha: subject.sha }),
          onceApproved: { deploymentId: subject.deploymentId, environment: subject.environment },
        },
        now + afterAnswerMs,
      );
    },
  );
}
