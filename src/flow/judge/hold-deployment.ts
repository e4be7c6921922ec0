import { alarmBeforeMs, expiresAt } from "#core/decide/expiry.ts";
import { deploymentReviewKey, type Effect } from "#core/model/effect.ts";
import { subjectKey } from "#core/model/subject.ts";
import { expiryReport, holdReport, withoutLink } from "#core/render/deployment.ts";
import { environmentCheckName } from "#core/render/environment-check.ts";
import type { Deps } from "#flow/deps.ts";
import type { Exclusive } from "#flow/jobs/exclusive.ts";
import { backOff, done, type Outcome } from "#flow/jobs/outcome.ts";
import { contentHash } from "#flow/publish/content-hash.ts";
import { publish } from "#flow/publish/publish.ts";
import { prepareCheckRun } from "./check-run.ts";
import type { DeploymentAssessment } from "./deployment-assessment.ts";
import { deploymentActions } from "./deployment-follow-ups.ts";
import { answerEntries, decisionRecord } from "./deployment-record.ts";
import {
  linkFrom,
  ownCheckRuns,
  type Answerable,
  type DeploymentRequest,
} from "./deployment-request.ts";
import { nextWake } from "./next-wake.ts";
import { rowKey } from "./protection-rule.ts";

/** GitHub takes ten status reports a deployment; the last is kept for the warning before it gives up. */
const mostReports = 10;
/** A held deployment is looked at again at least so often: the event that would open it may be lost. */
const lookAgainMs = 60 * 60_000;
/** After the first time sooner: what was said before it was asked, and never told, is looked for then. */
const firstLookAgainMs = 5 * 60_000;
/** Which report is due now, if any: only where the answer changed, and never the last of the ten but for the warning. */
async function reportOf(
  { store, log, meter, webUrl, pagesAt }: Deps,
  request: DeploymentRequest,
  assessed: DeploymentAssessment,
  now: number,
): Promise<{ readonly comment: string; readonly isWarning: boolean } | null> {
  const { subject, row } = request;
  const place = linkFrom({ webUrl, pagesAt }, request, assessed.label);
  const end = expiresAt(row.gateRequestedAt ?? row.createdAt);
  if (
    now >= end - alarmBeforeMs &&
    now < end &&
    row.reports < mostReports &&
    (await store.records.claimOnce(`expiring:${subjectKey(subject)}`, now))
  ) {
    log.error(
      {
        subject: subjectKey(subject),
        environment: subject.environment,
        expiresAt: new Date(end).toISOString(),
        reason: assessed.rendered.title,
      },
      "a deployment is still held a day before GitHub gives up on it",
    );
    meter.count("deployments_expiring_total");
    return { comment: expiryReport(end, assessed.rendered, place), isWarning: true };
  }
  if (row.reports >= mostReports - 1) return null;
  return {
    comment: holdReport(assessed.decision, assessed.rendered, assessed.changesAt, place),
    isWarning: false,
  };
}

/** Held: no verdict is sent; who looks at GitHub sees why and until when. */
export async function holdDeployment(
  deps: Deps,
  exclusive: Exclusive,
  request: DeploymentRequest,
  assessed: Answerable,
): Promise<Outcome> {
  const { lease, subject, runId, repository, row } = request;
  const { store, clock } = deps;
  const now = clock.now();
  const key = deploymentReviewKey(repository.id, subject.deploymentId, subject.environment);
  const report = await reportOf(deps, request, assessed, now);
  const effect: Effect | null =
    report === null
      ? null
      : {
          kind: "deployment_review",
          key,
          repository: repository.id,
          runId,
          deploymentId: subject.deploymentId,
          environment: subject.environment,
          state: null,
          comment: report.comment,
        };
  // Another address of our pages is no reason for a new report.
  const hash = report === null ? "" : contentHash([null, withoutLink(report.comment)]);
  const known = await store.outbox.row(key);
  const isNews = effect !== null && known?.sentHash !== hash;
  const check = await prepareCheckRun(deps, {
    subject,
    repository,
    sha: subject.sha,
    name: environmentCheckName(subject.environment),
    kind: "wait",
    rendered: assessed.rendered,
    actions: await deploymentActions(deps, subject, assessed),
    guard: null,
    own: ownCheckRuns(deps, request, assessed),
  });
  const last = await store.records.lastDecision(subjectKey(subject));
  // It bypassed the gate while it was judged, so its hold does not matter any more.
  const still = await store.deployments.row(
    repository.id,
    subject.deploymentId,
    subject.environment,
  );
  if (still === null || still.gateAnsweredAt !== null) return done;
  const isSame =
    last !== null &&
    !isNews &&
    last.policyDigest === assessed.digest &&
    last.decision.kind === "wait" &&
    (await store.views.isListed(last.subjectKey));
  await store.ledger.record({
    lease,
    decision: isSame ? null : decisionRecord(subject, assessed, now),
    effects: [
      ...(isNews && effect !== null ? [{ effect, hash }] : []),
      { effect: check.effect, hash: check.hash },
    ],
    ...(isSame ? { audit: [] } : answerEntries(subject, assessed, now)),
  });
  // A verdict that could not be sent and no longer holds must not be sent later.
  if (!isNews && known?.effect.kind === "deployment_review" && known.effect.state !== null)
    await store.outbox.drop(key);
  if (isNews) {
    // Counted before it leaves: a report whose answer is lost may have been taken.
    await store.deployments.change(rowKey(subject), (before) =>
      before === null ? null : { ...before, reports: before.reports + 1 },
    );
    await publish(deps, lease, key, repository);
  }
  await exclusive(check.effect.key, () => check.send(lease));
  if (assessed.retry !== null)
    return {
      kind: "again",
      at: Math.max(assessed.retry.at ?? 0, now + backOff(lease.attempts, Math.random())),
      reason: assessed.rendered.title,
    };
  const alarmAt = expiresAt(row.gateRequestedAt ?? row.createdAt) - alarmBeforeMs;
  return {
    kind: "done",
    wakeAt: nextWake(assessed.changesAt, now, [
      alarmAt,
      now + (row.reports === 0 ? firstLookAgainMs : lookAgainMs),
    ]),
  };
}
