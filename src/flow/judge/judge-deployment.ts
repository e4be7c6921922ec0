import { alarmBeforeMs, expiresAt } from "#core/decide/expiry.ts";
import { sameEnvironment } from "#core/deployments/environment.ts";
import { knownGood, rollbackFor } from "#core/deployments/rollback.ts";
import { deployedRange } from "#core/facts/deployed-range.ts";
import { deploymentWords } from "#core/facts/deployment-words.ts";
import { sameCommitDeployments } from "#core/facts/deployments.ts";
import type { DecisionKind } from "#core/model/decision.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import {
  checkRunKey,
  deploymentReviewKey,
  type CheckRunAction,
  type Effect,
} from "#core/model/effect.ts";
import { GatehouseError, isEndOf, isTransient } from "#core/model/errors.ts";
import { lookUp, type FactTable } from "#core/model/fact.ts";
import { subjectKey, type DeploymentSubject } from "#core/model/subject.ts";
import type { AuditEntry } from "#core/ports/audit.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { DecisionRecord } from "#core/ports/records.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { KeptText } from "#core/record/keep.ts";
import { checkRunContent } from "#core/render/check-run.ts";
import type { RenderedDecision } from "#core/render/decision.ts";
import {
  approvalComment,
  expiryReport,
  holdReport,
  rejectionComment,
  renderTrouble,
  type AnswerPlace,
} from "#core/render/deployment.ts";
import { environmentCheckName } from "#core/render/environment-check.ts";
import type { Deps } from "#flow/deps.ts";
import { noteOverrideStates } from "#flow/in-force/override-states.ts";
import { overridesTaken } from "#flow/in-force/used-overrides.ts";
import { createExclusive } from "#flow/jobs/exclusive.ts";
import { backOff, done, type Outcome } from "#flow/jobs/outcome.ts";
import { contentHash } from "#flow/publish/content-hash.ts";
import { publish } from "#flow/publish/publish.ts";
import type { DeploymentAssessor } from "./assess-deployment.ts";
import { decisionEntry } from "./decision-entry.ts";
import type { DeploymentAssessment } from "./deployment-assessment.ts";
import { deploymentActions, deploymentFollowUps } from "./deployment-follow-ups.ts";
import { exemptionReviewItems } from "./exemption-reviews.ts";
import { noteHidden } from "./hidden-facts.ts";
import { markTallied } from "./mark-tallied.ts";
import { noteWaiting, renewalOf } from "./renewal.ts";

/** GitHub takes ten status reports a deployment; the last is kept for the warning before it gives up. */
const mostReports = 10;
/** A held deployment is looked at again at least so often: the event that would open it may be lost. */
const lookAgainMs = 60 * 60_000;
/** An approval older than this when it could leave is not sent but judged again. */
const staleAfterMs = 60_000;
/** GitHub refuses an answer for reasons that only people can change: not asked again sooner. */
const refusedMs = 10 * 60_000;

const kinds: Readonly<Record<"approve" | "reject" | "hold", DecisionKind>> = {
  approve: "allow",
  reject: "deny",
  hold: "wait",
};

/** What the environment runs now, where that was asked: what the deployment goes out from. */
function runsThere(facts: FactTable): string | null {
  const range = lookUp(facts, deployedRange.need());
  return range?.ok === true ? (range.value.since?.sha ?? null) : null;
}

/** An assessment that leads to an answer. */
type Answerable = DeploymentAssessment & { readonly kind: "approve" | "reject" | "hold" };

export interface DeploymentJudge {
  readonly judge: (
    lease: Lease,
    subject: DeploymentSubject,
    repository: RepositoryRecord,
  ) => Promise<Outcome>;
}

/** Answers protection-rule requests: approves what may go, holds what may not go yet, rejects what cannot. */
export function createDeploymentJudge(deps: Deps, assessor: DeploymentAssessor): DeploymentJudge {
  const { store, clock, log, meter, github } = deps;
  // Two deployments of one commit to one environment share a check run.
  const exclusive = createExclusive();

  const keyOf = (subject: DeploymentSubject) => ({
    repository: subject.repository,
    deploymentId: subject.deploymentId,
    environment: subject.environment,
  });

  function placeOf(
    subject: DeploymentSubject,
    repository: RepositoryRecord,
    label: string,
  ): AnswerPlace {
    return {
      url: `${deps.webUrl}/${repository.owner}/${repository.name}/commit/${subject.sha}/checks`,
      policy: label,
    };
  }

  /** Nothing waits there any more, or our answer is known to stand. */
  async function close(
    subject: DeploymentSubject,
    answer: DeploymentRow["gateAnswer"],
  ): Promise<void> {
    const now = clock.now();
    const row = await store.deployments.change(keyOf(subject), (before) =>
      before === null || before.gateAnsweredAt !== null
        ? null
        : { ...before, gateAnsweredAt: now, gateAnswer: answer },
    );
    const said = answer ?? "none";
    meter.count("deployments_answered_total", { answer: said });
    if (row !== null && row.gateRequestedAt !== null)
      meter.observe("deployment_gate_seconds", (now - row.gateRequestedAt) / 1000, {
        answer: said,
      });
  }

  /** Whether the protection rule still waits; where GitHub does not say, it is taken to. */
  async function stillWaits(
    subject: DeploymentSubject,
    repository: RepositoryRecord,
    runId: number,
  ): Promise<boolean> {
    const waiting = await github.waitingAt(repository, runId);
    return waiting === null || waiting.some((name) => sameEnvironment(name, subject.environment));
  }

  /**
   * A verdict that an earlier process decided and may have sent: where the protection rule waits no more, it stands.
   * Otherwise all is judged anew, for what was true then may not be true now.
   */
  async function settledBefore(
    subject: DeploymentSubject,
    repository: RepositoryRecord,
    runId: number,
  ): Promise<boolean> {
    const row = await store.outbox.row(
      deploymentReviewKey(repository.id, subject.deploymentId, subject.environment),
    );
    if (row === null || row.effect.kind !== "deployment_review" || row.effect.state === null)
      return false;
    const isSent = row.sentHash === row.hash && !row.maybeSent;
    if (!isSent && !row.maybeSent) return false;
    if (!isSent && (await stillWaits(subject, repository, runId))) return false;
    await store.outbox.markSent(row.effect.key, row.hash, null);
    await close(subject, row.effect.state);
    return true;
  }

  interface PreparedCheckRun {
    readonly effect: Extract<Effect, { kind: "check_run" }>;
    readonly hash: string;
    readonly sent: (lease: Lease) => Promise<void>;
  }

  /** What the check run `gatehouse / <environment>` shall say; a wait is renewed before GitHub calls it stale. */
  async function checkRunOf(
    subject: DeploymentSubject,
    repository: RepositoryRecord,
    kind: DecisionKind,
    rendered: RenderedDecision,
    own: DeploymentAssessment["ownCheckRuns"],
    actions: readonly CheckRunAction[] = [],
  ): Promise<PreparedCheckRun> {
    const name = environmentCheckName(subject.environment);
    const key = checkRunKey(repository.id, subject.sha, name);
    const plain = checkRunContent(kind, rendered, "", actions);
    const renewal =
      kind === "wait"
        ? await renewalOf(store.records, key, clock.now())
        : { round: 0, fresh: false };
    const hash = `${contentHash(plain)}:${renewal.round}`;
    const found = renewal.fresh ? null : (own.find((run) => run.name === name)?.id ?? null);
    return {
      effect: {
        kind: "check_run",
        key,
        repository: repository.id,
        sha: subject.sha,
        name,
        content: {
          ...plain,
          externalId: `${subjectKey(subject)}:${subject.sha.slice(0, 12)}:${hash.slice(0, 12)}`,
        },
        guard: null,
      },
      hash,
      sent: async (lease) => {
        await publish(deps, lease, key, repository, { found, fresh: renewal.fresh });
        if (kind === "wait") await noteWaiting(store.records, key, renewal, clock.now());
      },
    };
  }

  function audited(
    subject: DeploymentSubject,
    assessed: Answerable,
    now: number,
  ): { readonly audit: readonly AuditEntry[]; readonly kept: readonly KeptText[] } {
    const { kind, rendered, decision, digest, facts, blobs, inputs } = assessed;
    const about = {
      at: now,
      repository: subject.repository,
      subject: subjectKey(subject),
    } as const;
    const more = {
      environment: subject.environment,
      ref: subject.ref,
      run: subject.runId,
      requestedBy: assessed.asked?.actor?.login ?? null,
      triggeredBy: assessed.asked?.triggeredBy?.login ?? null,
    };
    const { entry, kept } = decisionEntry(
      {
        subject,
        answer: kind,
        title: rendered.title,
        decision,
        headSha: subject.sha,
        baseSha: runsThere(facts),
        policy: digest,
        blobs,
        inputs,
        more,
      },
      now,
    );
    // A roll back keeps its authority and reason on record, and a finding that somebody took on with it.
    const history = lookUp(facts, sameCommitDeployments.need());
    const words = lookUp(facts, deploymentWords.need());
    const before = history?.ok === true ? knownGood(history.value, subject) : null;
    if (before === null || kind !== "approve") return { audit: [entry], kept };
    const act =
      words?.ok === true && history?.ok === true
        ? rollbackFor(words.value, history.value, subject, now)
        : null;
    const acknowledges =
      decision?.rules
        .filter((rule) => rule.overridden?.name === "rollback")
        .map((rule) => rule.name) ?? [];
    const rollback: AuditEntry = {
      ...about,
      kind: "rollback",
      actor:
        act?.actor.login ??
        assessed.asked?.triggeredBy?.login ??
        assessed.asked?.actor?.login ??
        null,
      detail: {
        environment: subject.environment,
        sha: subject.sha,
        ranBefore: before.deploymentId,
        reason: act?.reason ?? "",
        act: act?.id ?? null,
        acknowledges,
      },
    };
    return { audit: [entry, rollback], kept };
  }

  function recordOf(
    subject: DeploymentSubject,
    assessed: DeploymentAssessment,
    now: number,
  ): Omit<DecisionRecord, "number"> | null {
    if (assessed.decision === null) return null;
    return {
      subjectKey: subjectKey(subject),
      headSha: subject.sha,
      baseRef: subject.environment,
      policyDigest: assessed.digest,
      decision: assessed.decision,
      at: now,
    };
  }

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
      decision: assessed.kind === "over" ? "wait" : kinds[assessed.kind],
    });
    meter.observe("evaluation_seconds", tookMs / 1000);
  }

  /** The verdict: recorded with everything it stands on, then given. It cannot be taken back. */
  async function answer(
    lease: Lease,
    subject: DeploymentSubject,
    runId: number,
    repository: RepositoryRecord,
    assessed: Answerable & { readonly kind: "approve" | "reject" },
    at: number,
  ): Promise<Outcome> {
    const state = assessed.kind === "approve" ? "approved" : "rejected";
    const place = placeOf(subject, repository, assessed.label);
    const comment =
      state === "approved"
        ? approvalComment(assessed.rendered, place)
        : rejectionComment(assessed.decision, assessed.rendered, place);
    const key = deploymentReviewKey(repository.id, subject.deploymentId, subject.environment);
    const review: Effect = {
      kind: "deployment_review",
      key,
      repository: repository.id,
      runId,
      deploymentId: subject.deploymentId,
      environment: subject.environment,
      state,
      comment,
    };
    const check = await checkRunOf(
      subject,
      repository,
      kinds[assessed.kind],
      assessed.rendered,
      assessed.ownCheckRuns,
    );
    if (assessed.kind === "approve")
      await store.queue.mark(exemptionReviewItems(deps, repository, subject, assessed));
    const recorded = await store.ledger.record({
      lease,
      decision: recordOf(subject, assessed, at),
      premises:
        assessed.kind === "approve" ? await overridesTaken(deps, subject, assessed.decision) : [],
      effects: [
        { effect: review, hash: contentHash([state, comment]) },
        { effect: check.effect, hash: check.hash },
      ],
      ...audited(subject, assessed, at),
    });
    if (recorded === "outdated")
      return {
        kind: "again",
        at: clock.now(),
        reason: "the override that would let it through was taken by another deployment",
      };
    if (assessed.kind === "approve" && clock.now() - at > staleAfterMs && lease.attempts < 3) {
      await store.outbox.drop(key);
      return {
        kind: "again",
        at: clock.now(),
        reason: "the evidence grew old before the approval could leave",
      };
    }
    const refused = await publish(deps, lease, key, repository).then(
      () => null,
      (error: unknown) => refusal(subject, runId, repository, error),
    );
    if (refused !== null) return refused;
    await close(subject, state);
    await exclusive(check.effect.key, () => check.sent(lease));
    return done;
  }

  /** GitHub did not take a verdict: nothing waits there any more, or people have to change something. */
  async function refusal(
    subject: DeploymentSubject,
    runId: number,
    repository: RepositoryRecord,
    error: unknown,
  ): Promise<Outcome> {
    if (
      !(error instanceof GatehouseError) ||
      isTransient(error.code) ||
      error.code === "stale" ||
      isEndOf(subject.repository, error)
    )
      throw error;
    if (error.code === "not_found" || !(await stillWaits(subject, repository, runId))) {
      log.info(
        { subject: subjectKey(subject), reason: error.message },
        "the protection rule waits for no answer any more",
      );
      await close(subject, null);
      return done;
    }
    log.error(
      { subject: subjectKey(subject), environment: subject.environment, err: error },
      "GitHub refuses our answer while the deployment waits: is the protection rule still switched on, and deployments: write granted?",
    );
    return { kind: "again", at: clock.now() + refusedMs, reason: error.message };
  }

  /** Which report is due now, if any: only where the answer changed, and never the last of the ten but for the warning. */
  async function reportOf(
    subject: DeploymentSubject,
    repository: RepositoryRecord,
    row: DeploymentRow,
    assessed: DeploymentAssessment,
    now: number,
  ): Promise<{ readonly comment: string; readonly isWarning: boolean } | null> {
    const place = placeOf(subject, repository, assessed.label);
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
  async function hold(
    lease: Lease,
    subject: DeploymentSubject,
    runId: number,
    repository: RepositoryRecord,
    row: DeploymentRow,
    assessed: Answerable,
  ): Promise<Outcome> {
    const now = clock.now();
    const key = deploymentReviewKey(repository.id, subject.deploymentId, subject.environment);
    const report = await reportOf(subject, repository, row, assessed, now);
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
    const hash = report === null ? "" : contentHash([null, report.comment]);
    const known = await store.outbox.row(key);
    const isNews = effect !== null && known?.sentHash !== hash;
    const check = await checkRunOf(
      subject,
      repository,
      "wait",
      assessed.rendered,
      assessed.ownCheckRuns,
      await deploymentActions(deps, subject, assessed),
    );
    const last = await store.records.lastDecision(subjectKey(subject));
    // It went past the gate while it was judged: what it waited for matters no more.
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
      last.decision.kind === "wait";
    await store.ledger.record({
      lease,
      decision: isSame ? null : recordOf(subject, assessed, now),
      effects: [
        ...(isNews && effect !== null ? [{ effect, hash }] : []),
        { effect: check.effect, hash: check.hash },
      ],
      ...(isSame ? { audit: [] } : audited(subject, assessed, now)),
    });
    // A verdict that could not leave and is not true any more must not leave later either.
    if (!isNews && known?.effect.kind === "deployment_review" && known.effect.state !== null)
      await store.outbox.drop(key);
    if (isNews) {
      // Counted before it leaves: a report whose answer is lost may have been taken.
      await store.deployments.change(keyOf(subject), (before) =>
        before === null ? null : { ...before, reports: before.reports + 1 },
      );
      await publish(deps, lease, key, repository);
    }
    await exclusive(check.effect.key, () => check.sent(lease));
    if (assessed.retry !== null)
      return {
        kind: "again",
        at: Math.max(assessed.retry.at ?? 0, now + backOff(lease.attempts, Math.random())),
        reason: assessed.rendered.title,
      };
    const alarmAt = expiresAt(row.gateRequestedAt ?? row.createdAt) - alarmBeforeMs;
    const wakes = [assessed.changesAt, alarmAt, now + lookAgainMs].filter(
      (at): at is number => at !== null && at > now,
    );
    return { kind: "done", wakeAt: Math.min(...wakes) };
  }

  /** An evaluation that fails holds: it is tried again for ever, and once it failed twice people are told. */
  async function troubled(
    lease: Lease,
    subject: DeploymentSubject,
    runId: number,
    repository: RepositoryRecord,
    row: DeploymentRow,
    error: unknown,
  ): Promise<Outcome> {
    const code = error instanceof GatehouseError ? error.code : null;
    if (code === "stale") throw error;
    if (error instanceof GatehouseError && isEndOf(subject.repository, error)) {
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
      await close(subject, null);
      return done;
    }
    const isTold = code !== null && isTransient(code);
    const reason = isTold
      ? "GitHub did not answer"
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
      await hold(lease, subject, runId, repository, row, trouble).catch((second: unknown) =>
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
      if (row.gateAnsweredAt !== null || (await settledBefore(subject, repository, runId))) {
        const key = checkRunKey(
          repository.id,
          subject.sha,
          environmentCheckName(subject.environment),
        );
        await exclusive(key, () => publish(deps, lease, key, repository));
        return done;
      }
      const at = clock.now();
      let assessed: DeploymentAssessment;
      try {
        assessed = await assessor.assess({ ...subject, runId }, repository, row);
      } catch (error) {
        return troubled(lease, subject, runId, repository, row, error);
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
          await close(subject, null);
          return done;
        case "hold":
          return hold(lease, subject, runId, repository, row, { ...assessed, kind });
        case "approve":
        case "reject":
          return answer(lease, subject, runId, repository, { ...assessed, kind }, at);
      }
    },
  };
}
