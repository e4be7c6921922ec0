import type { DecisionKind } from "#core/model/decision.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { subjectKey, type DeploymentSubject } from "#core/model/subject.ts";
import type { StopsHeard } from "#core/model/terms.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { decisionId, decisionPath } from "#core/record/decision-address.ts";
import type { AnswerLink } from "#core/render/deployment.ts";
import type { Deps } from "#flow/deps.ts";
import type { DeploymentAssessment } from "./deployment-assessment.ts";

/** A protection-rule request that is being answered. */
export interface DeploymentRequest {
  readonly lease: Lease;
  readonly subject: DeploymentSubject;
  readonly runId: number;
  readonly repository: RepositoryRecord;
  readonly row: DeploymentRow;
  /** What people had said that stops before the first fact was read. */
  readonly heard: StopsHeard;
}

/** An assessment that leads to an answer. */
export type Answerable = DeploymentAssessment & { readonly kind: "approve" | "reject" | "hold" };

export const decisionKinds: Readonly<Record<Answerable["kind"], DecisionKind>> = {
  approve: "allow",
  reject: "deny",
  hold: "wait",
};

/** Our check runs on the commit; null: nobody looked, and our records may not know of one. */
export const ownCheckRuns = (
  { startedAt }: Pick<Deps, "startedAt">,
  { row }: DeploymentRequest,
  assessed: Answerable,
): Answerable["ownCheckRuns"] => assessed.ownCheckRuns ?? (row.createdAt > startedAt ? [] : null);

/** The decision's page; undefined where nobody is served any. */
export const decisionPage = (
  { pagesAt }: Pick<Deps, "pagesAt">,
  subject: DeploymentSubject,
): string | undefined =>
  pagesAt === null
    ? undefined
    : `${pagesAt()}${decisionPath(decisionId({ subjectKey: subjectKey(subject), headSha: subject.sha }))}`;

/** Where the answer's comment leads: the decision's page, else the commit's check runs. */
export const linkFrom = (
  deps: Pick<Deps, "webUrl" | "pagesAt">,
  { subject, repository }: Pick<DeploymentRequest, "subject" | "repository">,
  policy: string,
): AnswerLink => ({
  url:
    decisionPage(deps, subject) ??
    `${deps.webUrl}/${repository.owner}/${repository.name}/commit/${subject.sha}/checks`,
  policy,
});
