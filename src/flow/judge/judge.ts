import { GatehouseError, isEndOf, isTransient } from "#core/model/errors.ts";
import { subjectKey, type Subject } from "#core/model/subject.ts";
import type { StopsHeard } from "#core/model/terms.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import { keepVoids, noteOverrideStates } from "#flow/in-force/override-states.ts";
import type { HandlerOf } from "#flow/jobs/define-job.ts";
import { createExclusive } from "#flow/jobs/exclusive.ts";
import { installationJob } from "#flow/jobs/installation-jobs.ts";
import { judgeItem, type judgeJob } from "#flow/jobs/judge-job.ts";
import { backOff, done, type Outcome } from "#flow/jobs/outcome.ts";
import { previewJob } from "#flow/jobs/pull-request-jobs.ts";
import { stopsHeard } from "#flow/publish/terms.ts";
import type { Assessor } from "./assess.ts";
import type { Assessment } from "./assessment.ts";
import { composeAnswer, type Answer } from "./compose-answer.ts";
import { noteHidden } from "./hidden-facts.ts";
import type { DeploymentJudge } from "./judge-deployment.ts";
import { nothingReadAssessment } from "./nothing-read.ts";
import { groupItems } from "./queued-groups.ts";
import { nextWake } from "./next-wake.ts";
import { renewAfterMs } from "./renewal.ts";
import { sayUnread } from "./say-unread.ts";
import { mayStand, noteRead, sayingSince, standsAtMostMs, unreadSince } from "./what-stands.ts";

/** Within this time GitHub's parts agree about a head that has just moved. */
const settledByThenMs = 500;
/** An answer that time or people overtook is made anew at once so often, and then with pauses. */
const quickTries = 3;
/** Within this time the installation's repositories were listed anew. */
const renamedByThenMs = 10_000;

/** Judges one subject under a lease and publishes what is new about it. */
export function createJudge(
  deps: Deps,
  assessor: Assessor,
  deployments: DeploymentJudge,
): HandlerOf<typeof judgeJob> {
  const { store, clock, log, meter } = deps;
  // Two subjects may share a commit and so a check run. Within this process one goes after the other; what other processes do is told by the premises.
  const exclusive = createExclusive();

  function logDecision(
    subject: Subject,
    repository: RepositoryRecord,
    answer: Answer,
    head: string,
    tookMs: number,
    sent: string,
  ): void {
    log.info(
      {
        subject: subjectKey(subject),
        repository: `${repository.owner}/${repository.name}`,
        head,
        decision: answer.kind,
        title: answer.rendered.title,
        ms: Math.round(tookMs),
        effect: sent,
      },
      "decision",
    );
    meter.count("evaluations_total", { decision: answer.kind });
    meter.observe("evaluation_seconds", tookMs / 1000);
  }

  /** Its name is another repository's by now: where ours went is asked, and then the subject is judged. */
  async function findRenamed(subject: Subject, repository: RepositoryRecord): Promise<void> {
    const now = clock.now();
    await store.queue.mark([
      installationJob.item({ installation: repository.installationId }, now),
      { ...judgeItem(subject, now, true), runAt: now + renamedByThenMs },
    ]);
  }

  async function judgePullRequest(
    lease: Lease,
    subject: Subject,
    repository: RepositoryRecord,
  ): Promise<Outcome> {
    const from = performance.now();
    // First, and whatever comes of it: a queued group stands on each of its members.
    if (subject.kind === "pull_request")
      await store.queue.mark(await groupItems(deps, repository.id, subject.number));
    // Before the first fact: what is said from here on is in no fact that was read.
    const heard = await stopsHeard(
      deps,
      repository.id,
      subject.kind === "pull_request" ? [subject.number] : null,
    );
    const assessed = await assessor.assess(subject, repository).catch(async (error: unknown) => {
      if (error instanceof GatehouseError && error.code === "stale")
        await findRenamed(subject, repository);
      // A group whose branch is gone is queued no more.
      if (
        subject.kind === "merge_group" &&
        error instanceof GatehouseError &&
        error.code === "gone"
      )
        await store.mergeGroups.drop(repository.id, subject.headSha);
      // Not even the subject can be read, and that is not its end.
      if (
        error instanceof GatehouseError &&
        error.code !== "stale" &&
        !isEndOf(repository.id, error)
      )
        return error;
      throw error;
    });
    if (assessed instanceof GatehouseError)
      return nothingRead(lease, subject, repository, assessed, heard, from);
    if (assessed === null) return done;
    if (subject.kind === "merge_group") {
      const { headSha, headRef, baseRef } = subject;
      const members = assessed.members;
      await store.mergeGroups.save(repository.id, { headSha, headRef, baseRef, members });
    }
    await noteHidden(
      store.records,
      subject,
      assessed.judged.flatMap(({ inputs }) => [...(inputs?.facts.keys() ?? [])]),
    );
    const row = assessed.pullRequest;
    if (row !== null) await store.records.savePullRequest(row);
    // A pull request that was closed while it waited wants no answer any more.
    if (row !== null && row.state === "closed") {
      await keepStates(subject, repository, assessed);
      return done;
    }
    const now = clock.now();
    if (assessed.retry === null) await noteRead(store, subject);
    else if (assessed.kind === "wait") {
      const stands = mayStand(assessed, await store.records.lastDecision(subjectKey(subject)));
      const since = await unreadSince(store, subject, stands ? now : null);
      if (since !== null && now >= since + standsAtMostMs)
        return answerWith(
          lease,
          subject,
          repository,
          { ...assessed, rendered: sayingSince(assessed.rendered, since) },
          heard,
          from,
        );
      if (stands && since !== null)
        return standsFor(lease, since, assessed.rendered.title, assessed.retry.at);
    }
    return answerWith(lease, subject, repository, assessed, heard, from);
  }

  /** Not even the subject can be read: the earlier answer is kept for a while, unless the policy has changed. */
  async function nothingRead(
    lease: Lease,
    subject: Subject,
    repository: RepositoryRecord,
    error: GatehouseError,
    heard: StopsHeard,
    from: number,
  ): Promise<Outcome> {
    const last = await store.records.lastDecision(subjectKey(subject));
    if (last === null || last.decision.kind === "wait") {
      await sayWaiting(lease, subject, repository, error);
      throw error;
    }
    const row =
      subject.kind === "pull_request"
        ? await store.records.pullRequest(repository.id, subject.number)
        : null;
    // The earlier answer is on another commit; the present one has no answer yet.
    const isOfNow =
      subject.kind === "pull_request"
        ? row?.state === "open" && row.headSha === last.headSha
        : subject.kind === "merge_group" && subject.headSha === last.headSha;
    if (!isOfNow) {
      await sayWaiting(lease, subject, repository, error);
      throw error;
    }
    const now = clock.now();
    const since = (await unreadSince(store, subject, now)) ?? now;
    const policy = await assessor.policyDigest(repository);
    const passes = isTransient(error.code) || error.code === "gone";
    if (passes && now < since + standsAtMostMs && (policy === null || policy === last.policyDigest))
      return standsFor(lease, since, error.message, error.retryAt);
    const assessed = nothingReadAssessment(subject, last, row, error, { since, policy, now });
    const outcome = await answerWith(lease, subject, repository, assessed, heard, from);
    if (!passes) throw error;
    return outcome;
  }

  /** After the first try: a moment's trouble is not worth a word. That it cannot be said is no reason to stop trying. */
  async function sayWaiting(
    lease: Lease,
    subject: Subject,
    repository: RepositoryRecord,
    error: GatehouseError,
  ): Promise<void> {
    if (lease.attempts === 0 || (await assessor.policyDigest(repository)) === null) return;
    await sayUnread(deps, lease, subject, repository, error).catch((second: unknown) =>
      log.warn({ job: lease.key, err: second }, "that GitHub is waited for could not be shown"),
    );
  }

  /** The earlier answer is kept; it is judged again soon, at the latest when it may be kept no longer. */
  function standsFor(
    lease: Lease,
    since: number,
    title: string,
    retryAt: number | undefined,
  ): Outcome {
    const now = clock.now();
    const reason = `${title}; the answer given before stands`;
    const at = Math.max(retryAt ?? 0, now + backOff(lease.attempts, Math.random()));
    log.warn(
      { job: lease.key, attempts: lease.attempts, reason },
      "GitHub did not answer; the work is kept",
    );
    return { kind: "again", at: Math.min(at, since + standsAtMostMs), reason };
  }

  /** Keeps where overrides stand; only once the answer was given, for one that was superseded was made of an older head. */
  async function keepStates(
    subject: Subject,
    repository: RepositoryRecord,
    { pullRequest: row, requests }: Assessment,
  ): Promise<void> {
    await noteOverrideStates(deps, repository.id, requests);
    if (row?.state === "open" && (await keepVoids(deps, requests)))
      await store.queue.mark([judgeItem(subject, clock.now(), false)]);
  }

  /** Gives the answer, and says when to look again. */
  async function answerWith(
    lease: Lease,
    subject: Subject,
    repository: RepositoryRecord,
    assessed: Assessment,
    heard: StopsHeard,
    from: number,
  ): Promise<Outcome> {
    const row = assessed.pullRequest;
    const { outcome, answer } = await exclusive(`${repository.id}:${assessed.headSha}`, () =>
      composeAnswer(deps, lease, subject, repository, assessed, heard),
    );
    logDecision(subject, repository, answer, assessed.headSha, performance.now() - from, outcome);
    const isGiven = outcome !== "superseded" && outcome !== "outdated";
    if (assessed.followUps.length > 0) await store.queue.mark(assessed.followUps);
    if (assessed.editsPolicy && row !== null && isGiven)
      await store.queue.mark([
        previewJob.item(
          { repository: row.repository, number: row.number, headSha: row.headSha },
          clock.now(),
        ),
      ]);
    if (outcome === "outdated")
      return {
        kind: "again",
        at: clock.now() + (lease.attempts < quickTries ? 0 : backOff(0, Math.random())),
        reason: "the green was not true any more before it could leave",
      };
    if (outcome === "superseded") {
      // In a moment: parts of GitHub may tell of the older head for a while.
      await store.queue.mark([
        { ...judgeItem(subject, clock.now(), true), runAt: clock.now() + settledByThenMs },
      ]);
      return done;
    }
    await keepStates(subject, repository, assessed);
    const now = clock.now();
    if (assessed.retry !== null)
      return {
        kind: "again",
        at: Math.max(assessed.retry.at ?? 0, now + backOff(lease.attempts, Math.random())),
        reason: assessed.rendered.title,
      };
    const renewal = answer.kind === "wait" ? [now + renewAfterMs] : [];
    return { kind: "done", wakeAt: nextWake(assessed.changesAt, now, renewal) };
  }

  return ({ lease, payload: subject, repository }) =>
    subject.kind === "deployment"
      ? deployments.judge(lease, subject, repository)
      : judgePullRequest(lease, subject, repository);
}
