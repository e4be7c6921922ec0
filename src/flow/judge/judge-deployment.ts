import { checkRunKey } from "#core/model/effect.ts";
import { GatehouseError, isEndOf, isTransient } from "#core/model/errors.ts";
import { isQuestion, subjectKey, type DeploymentSubject } from "#core/model/subject.ts";
import { isForgotten } from "#core/outside/asking.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { renderTrouble } from "#core/render/deployment.ts";
import { environmentCheckName } from "#core/render/environment-check.ts";
import type { Deps } from "#flow/deps.ts";
import { noteOverrideStates } from "#flow/in-force/override-states.ts";
import { createExclusive } from "#flow/jobs/exclusive.ts";
import { backOff, done, isGoneForGood, type Outcome } from "#flow/jobs/outcome.ts";
import { publish } from "#flow/publish/publish.ts";
import { answerQuestion, type QuestionRequest } from "./answer-question.ts";
import { stopsHeard } from "#flow/publish/terms.ts";
import type { DeploymentAssessor } from "./assess-deployment.ts";
import type { DeploymentAssessment } from "./deployment-assessment.ts";
import { deploymentFollowUps } from "./deployment-follow-ups.ts";
import { decisionKinds, type Answerable } from "./deployment-request.ts";
import { giveVerdict } from "./give-verdict.ts";
import { healthAmong, noteHidden } from "./hidden-facts.ts";
import { holdDeployment } from "./hold-deployment.ts";
import { letGo } from "./let-go.ts";
import { markTallied } from "./mark-tallied.ts";
import { closeRequest, settledBefore } from "./protection-rule.ts";
import { sayLast } from "./say-last.ts";
import { subjectOf } from "./waiting-deployments.ts";

export interface DeploymentJudge {
  readonly judge: (
    lease: Lease,
    subject: DeploymentSubject,
    repository: RepositoryRecord,
  ) => Promise<Outcome>;
}

/** What becomes of a request that could not be judged. */
interface TroubleWays {
  readonly hold: (trouble: Answerable) => Promise<unknown>;
  /** GitHub shows it no more. */
  readonly end: () => Promise<void>;
}

/** Answers protection-rule requests: approves what may go, holds what may not go yet, rejects what cannot. */
export function createDeploymentJudge(
  deps: Deps,
  assessor: DeploymentAssessor,
  onJudged: (subjectKey: string) => void,
): DeploymentJudge {
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
  async function troubled(
    lease: Lease,
    subject: DeploymentSubject,
    error: unknown,
    { hold, end }: TroubleWays,
  ): Promise<Outcome> {
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
      await end();
      onJudged(subjectKey(subject));
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
    // A caller of the API waits for an answer; at GitHub a first failure is not reported.
    if (lease.attempts > 0 || isQuestion(subject)) {
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
        ownCheckRuns: null,
        retry: null,
        requests: [],
      };
      await hold(trouble).catch((second: unknown) =>
        log.warn(
          { subject: subjectKey(subject), err: second },
          "that it is held could not be shown",
        ),
      );
    }
    return { kind: "again", at, reason };
  }

  /** Records and follow-ups that do not depend on the answer. */
  async function noteJudged(
    subject: DeploymentSubject,
    repository: RepositoryRecord,
    assessed: DeploymentAssessment,
    from: number,
  ): Promise<void> {
    logAnswer(subject, repository, assessed, from);
    await noteHidden(
      store.records,
      subject,
      [...assessed.facts.keys()],
      healthAmong(assessed.facts),
    );
    await noteOverrideStates(deps, repository.id, assessed.requests);
    await markTallied(deps, repository, subject, assessed);
    const followUps = await deploymentFollowUps(deps, repository, subject, assessed);
    if (followUps.length > 0) await store.queue.mark(followUps);
  }

  /** A deployer outside asks: the same judgement, and an answer that waits for its caller. */
  async function judgeQuestion(request: QuestionRequest): Promise<Outcome> {
    const { lease, subject, repository, row, question } = request;
    const from = performance.now();
    const at = clock.now();
    const close = async (): Promise<Outcome> => {
      await closeRequest(deps, subject, null);
      onJudged(subjectKey(subject));
      return done;
    };
    if (row.gateAnsweredAt !== null) {
      const name = environmentCheckName(subject.environment);
      const key = checkRunKey(repository.id, subject.sha, name);
      await exclusive(key, () => publish(deps, lease, key, repository));
      return done;
    }
    if (isForgotten(question, at)) return close();
    let assessed: DeploymentAssessment;
    try {
      assessed = await assessor.assess(subject, repository, row);
    } catch (error) {
      return troubled(lease, subject, error, {
        hold: (trouble) => answerQuestion(deps, exclusive, request, trouble, at),
        end: () => closeRequest(deps, subject, null),
      });
    }
    await noteJudged(subject, repository, assessed, from);
    const { kind } = assessed;
    // Without a policy nothing is governed, and so nothing is allowed either: the caller is told that.
    const isUngoverned = kind === "approve" && assessed.policy === null;
    if (kind === "over" || isUngoverned) return close();
    return answerQuestion(deps, exclusive, request, { ...assessed, kind }, at);
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
      const { runId, question } = row;
      // Who asks now is told by the row: the subject that was marked may be of an earlier ask.
      if (question !== undefined)
        return judgeQuestion({
          heard: await stopsHeard(deps, repository.id, null),
          lease,
          subject: subjectOf(row),
          repository,
          row,
          question,
          onJudged,
        });
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
      const at = clock.now();
      const heard = await stopsHeard(deps, repository.id, null);
      const request = { lease, subject, runId, repository, row, heard };
      let assessed: DeploymentAssessment;
      try {
        assessed = await sayLast(
          deps,
          request,
          await assessor.assess({ ...subject, runId }, repository, row),
        );
      } catch (error) {
        return troubled(lease, subject, error, {
          hold: (trouble) => holdDeployment(deps, exclusive, request, trouble),
          end: () => letGo(deps, exclusive, request),
        });
      }
      await noteJudged(subject, repository, assessed, from);
      const { kind } = assessed;
      switch (kind) {
        case "over":
          await letGo(deps, exclusive, request);
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
