import { checkRunKey } from "#core/model/effect.ts";
import { GatehouseError, isEndOf, isTransient } from "#core/model/errors.ts";
import { subjectKey, type DeploymentSubject } from "#core/model/subject.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { renderTrouble } from "#core/render/deployment.ts";
import { environmentCheckName } from "#core/render/environment-check.ts";
import type { Deps } from "#flow/deps.ts";
import { noteOverrideStates } from "#flow/in-force/override-states.ts";
import { createExclusive } from "#flow/jobs/exclusive.ts";
import { backOff, done, isGoneForGood, type Outcome } from "#flow/jobs/outcome.ts";
import { publish } from "#flow/publish/publish.ts";
import type { DeploymentAssessor } from "./assess-deployment.ts";
import type { DeploymentAssessment } from "./deployment-assessment.ts";
import { deploymentFollowUps } from "./deployment-follow-ups.ts";
import { decisionKinds, type Answerable, type DeploymentRequest } from "./deployment-request.ts";
import { giveVerdict } from "./give-verdict.ts";
import { noteHidden } from "./hidden-facts.ts";
import { holdDeployment } from "./hold-deployment.ts";
import { markTallied } from "./mark-tallied.ts";
import { closeRequest, settledBefore } from "./protection-rule.ts";

export interface DeploymentJudge {
  readonly judge: (
    lease: Lease,
    subject: DeploymentSubject,
    repository: RepositoryRecord,
  ) => Promise<Outcome>;
}

/** Answers protection-rule requests: approves what may go, holds what may not go yet, rejects what cannot. */
export function createDeploymentJudge(deps: Deps, assessor: DeploymentAssessor): DeploymentJudge {
  const { store, clock, log, meter } = deps;
  // Two deployments of one commit to one environment share a check run.
  const exclusive = createExclusive();

  function logAnswer(
    subject: DeploymentSubject,
    repository: RepositoryRecord,
    assessed: DeploymentAssessment,
    from: number,
  ): void {
    const tookMs = performance.now() - from;
    log.info(
      {
        subject: subjectKey(subject),
        repository: `${repository.owner}/${repository.name}`,
        environment: subject.environment,
        head: subject.sha,
        decision: assessed.kind,
        title: assessed.rendered.title,
        ms: Math.round(tookMs),
      },
      "decision",
    );
    meter.count("evaluations_total", {
      decision: assessed.kind === "over" ? "wait" : decisionKinds[assessed.kind],
    });
    meter.observe("evaluation_seconds", tookMs / 1000);
  }

  /** An evaluation that fails holds: it is tried again for ever, and once it failed twice people are told. */
  async function troubled(request: DeploymentRequest, error: unknown): Promise<Outcome> {
    const { lease, subject } = request;
    const code = error instanceof GatehouseError ? error.code : null;
    if (code === "stale") throw error;
    const isGone = error instanceof GatehouseError && isEndOf(subject.repository, error);
    if (isGone && isGoneForGood(lease)) {
      log.warn(
        { subject: subjectKey(subject), reason: error.message },
        "the deployment is gone: nothing waits for an answer",
      );
      await store.audit.append([
        {
          at: clock.now(),
          kind: "subject_gone",
          repository: subject.repository,
          subject: subjectKey(subject),
          actor: null,
          detail: { reason: error.message },
        },
      ]);
      await closeRequest(deps, subject, null);
      return done;
    }
    const isTold = isGone || (code !== null && isTransient(code));
    const reason = isTold
      ? isGone
        ? "GitHub does not show the deployment or its run"
        : "GitHub did not answer"
      : error instanceof Error
        ? error.message
        : String(error);
    const at = Math.max(
      error instanceof GatehouseError ? (error.retryAt ?? 0) : 0,
      clock.now() + backOff(lease.attempts, Math.random()),
    );
    if (isTold)
      log.warn(
        { subject: subjectKey(subject), attempts: lease.attempts, err: error },
        "the deployment could not be judged; it is held",
      );
    else
      log.error(
        { subject: subjectKey(subject), attempts: lease.attempts, err: error },
        "the deployment could not be judged; it is held",
      );
    if (lease.attempts > 0) {
      const trouble: Answerable = {
        kind: "hold",
        blobs: { repository: null, organization: null },
        inputs: null,
        rendered: renderTrouble(reason),
        decision: null,
        digest: "",
        policy: null,
        label: "no policy yet",
        facts: new Map(),
        asked: null,
        changesAt: null,
        ownCheckRuns: [],
        retry: null,
        requests: [],
      };
      await holdDeployment(deps, exclusive, request, trouble).catch((second: unknown) =>
        log.warn(
          { subject: subjectKey(subject), err: second },
          "that it is held could not be shown",
        ),
      );
    }
    return { kind: "again", at, reason };
  }

  return {
    judge: async (lease, subject, repository) => {
      const from = performance.now();
      const row = await store.deployments.row(
        repository.id,
        subject.deploymentId,
        subject.environment,
      );
      // No protection rule asked: there is nothing to answer.
      if (row === null || row.gateRequestedAt === null) return done;
      const { runId } = row;
      if (runId === null) return done;
      if (row.gateAnsweredAt !== null || (await settledBefore(deps, subject, repository, runId))) {
        const key = checkRunKey(
          repository.id,
          subject.sha,
          environmentCheckName(subject.environment),
        );
        await exclusive(key, () => publish(deps, lease, key, repository));
        return done;
      }
      const request = { lease, subject, runId, repository, row };
      const at = clock.now();
      let assessed: DeploymentAssessment;
      try {
        assessed = await assessor.assess({ ...subject, runId }, repository, row);
      } catch (error) {
        return troubled(request, error);
      }
      logAnswer(subject, repository, assessed, from);
      await noteHidden(store.records, subject, [...assessed.facts.keys()]);
      await noteOverrideStates(deps, repository.id, assessed.requests);
      await markTallied(deps, repository, subject, assessed);
      const followUps = await deploymentFollowUps(deps, repository, subject, assessed);
      if (followUps.length > 0) await store.queue.mark(followUps);
      const { kind } = assessed;
      switch (kind) {
        case "over":
          await closeRequest(deps, subject, null);
          return done;
        case "hold":
          return holdDeployment(deps, exclusive, request, { ...assessed, kind });
        case "approve":
        case "reject":
          return giveVerdict(deps, exclusive, request, { ...assessed, kind }, at);
      }
    },
  };
}
