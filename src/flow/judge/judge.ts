import type { DecisionKind } from "#core/model/decision.ts";
import { checkRunKey, type Effect } from "#core/model/effect.ts";
import { GatehouseError, isEndOf, isTransient } from "#core/model/errors.ts";
import { subjectKey, type Subject } from "#core/model/subject.ts";
import type { Premise } from "#core/ports/ledger.ts";
import type { PullRequestRow } from "#core/ports/pull-request.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { DecisionRecord } from "#core/ports/records.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { checkRunContent } from "#core/render/check-run.ts";
import { renderDecision, type RenderedDecision } from "#core/render/decision.ts";
import { renderShared, type SharedAnswer } from "#core/render/several.ts";
import type { Deps } from "#flow/deps.ts";
import { noteOverrideStates } from "#flow/in-force/override-states.ts";
import type { HandlerOf } from "#flow/jobs/define-job.ts";
import { createExclusive } from "#flow/jobs/exclusive.ts";
import { installationJob } from "#flow/jobs/installation-jobs.ts";
import { judgeItem, type judgeJob } from "#flow/jobs/judge-job.ts";
import { backOff, done, type Outcome } from "#flow/jobs/outcome.ts";
import { previewJob } from "#flow/jobs/pull-request-jobs.ts";
import { contentHash } from "#flow/publish/content-hash.ts";
import { publish } from "#flow/publish/publish.ts";
import { noteBasis } from "./as-last-read.ts";
import type { Assessment, Assessor } from "./assess.ts";
import { decisionEntry } from "./decision-entry.ts";
import { noteHidden } from "./hidden-facts.ts";
import type { DeploymentJudge } from "./judge-deployment.ts";
import { groupItems } from "./queued-groups.ts";
import { noteWaiting, renewAfterMs, renewalOf } from "./renewal.ts";
import {
  mayStand,
  noteRead,
  nothingReadable,
  sayingSince,
  standsAtMostMs,
  unreadSince,
} from "./what-stands.ts";

/** The check run that a branch rule requires. */
export const checkName = "gatehouse";

/** Within this time GitHub's parts agree about a head that has just moved. */
const settledByThenMs = 500;
/** Within this time the installation's repositories were listed anew. */
const renamedByThenMs = 10_000;

/** What else is shown on the commit, and the decisions that this was read from. */
interface Companions {
  readonly answers: readonly SharedAnswer[];
  readonly premises: readonly Premise[];
}

/** Two processes that judge pull requests on one commit make each other compose again; it does not go on for long. */
const compositionsAtMost = 10;

/** What one judged subject wants GitHub to show on its commit. */
interface Answer {
  readonly kind: DecisionKind;
  readonly rendered: RenderedDecision;
}

interface Concluded {
  readonly outcome: "sent" | "unchanged" | "superseded";
  readonly answer: Answer;
}

/** Judges one subject under a lease and publishes what is new about it. */
export function createJudge(
  deps: Deps,
  assessor: Assessor,
  deployments: DeploymentJudge,
): HandlerOf<typeof judgeJob> {
  const { store, clock, log, meter } = deps;
  // Two subjects may share a commit and so a check run. Within this process one goes after the other; what other processes do is told by the premises.
  const exclusive = createExclusive();

  /** The other open pull requests on this very commit, by what was last decided for them on it. */
  async function companions(
    repository: RepositoryRecord,
    row: PullRequestRow,
  ): Promise<Companions> {
    const others = (
      await store.records.openPullRequestsWithHead(repository.id, row.headSha)
    ).filter((other) => other.number !== row.number);
    const answers: SharedAnswer[] = [];
    const premises: Premise[] = [];
    for (const other of others) {
      const label = `#${other.number}`;
      const key = `pr:${repository.id}:${other.number}`;
      const record = await store.records.lastDecision(key);
      premises.push({ kind: "decision", subjectKey: key, number: record?.number ?? 0 });
      if (record !== null && record.headSha === row.headSha && record.baseRef === other.baseRef) {
        answers.push({
          label,
          kind: record.decision.kind,
          rendered: renderDecision(record.decision),
        });
        continue;
      }
      await store.queue.mark([
        judgeItem(
          { kind: "pull_request", repository: repository.id, number: other.number },
          clock.now(),
          true,
        ),
      ]);
      answers.push({
        label,
        kind: "wait",
        rendered: {
          title: `${label} on the same commit is not judged yet`,
          summary: "It is judged next.",
          text: null,
          annotations: [],
        },
      });
    }
    return { answers, premises };
  }

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

  /** Records a decision with its check run in one transaction, then performs it; null: another subject on the commit was decided meanwhile. */
  async function conclude(
    lease: Lease,
    subject: Subject,
    repository: RepositoryRecord,
    assessed: Assessment,
    { answers: shared, premises }: Companions,
  ): Promise<Concluded | null> {
    const now = clock.now();
    const own: SharedAnswer = {
      label: assessed.label,
      kind: assessed.kind,
      rendered: assessed.rendered,
    };
    const answer = renderShared([own, ...shared]) ?? own;
    const key = checkRunKey(repository.id, assessed.headSha, checkName);
    const plain = checkRunContent(
      answer.kind,
      answer.rendered,
      "",
      shared.length === 0 ? assessed.actions : [],
    );
    const renewal =
      answer.kind === "wait"
        ? await renewalOf(store.records, key, now)
        : { round: 0, fresh: false };
    const hash = `${contentHash(plain)}:${renewal.round}`;
    const effect: Effect = {
      kind: "check_run",
      key,
      repository: repository.id,
      sha: assessed.headSha,
      name: checkName,
      content: {
        ...plain,
        externalId: `${subjectKey(subject)}:${assessed.headSha.slice(0, 12)}:${hash.slice(0, 12)}`,
      },
      guard:
        assessed.pullRequest === null
          ? null
          : {
              pullRequest: assessed.pullRequest.number,
              headSha: assessed.headSha,
              baseRef: assessed.pullRequest.baseRef,
              directBaseRef: assessed.pullRequest.directBaseRef,
            },
    };
    const before = await store.outbox.row(key);
    const unchanged = before?.sentHash === hash && !before.maybeSent;
    const record: Omit<DecisionRecord, "number"> | null =
      assessed.decision === null
        ? null
        : {
            subjectKey: subjectKey(subject),
            headSha: assessed.headSha,
            baseRef: assessed.baseRef,
            policyDigest: assessed.digest,
            decision: assessed.decision,
            at: now,
          };
    const last = record === null ? null : await store.records.lastDecision(record.subjectKey);
    const sameDecision =
      last !== null &&
      unchanged &&
      last.headSha === assessed.headSha &&
      last.policyDigest === assessed.digest &&
      last.baseRef === assessed.baseRef &&
      last.decision.kind === assessed.kind;
    const entries = sameDecision ? [] : assessed.judged.map((judged) => decisionEntry(judged, now));
    const recorded = await store.ledger.record({
      lease,
      decision: sameDecision ? null : record,
      effects: [{ effect, hash }],
      audit: entries.map(({ entry }) => entry),
      kept: entries.flatMap(({ kept }) => kept),
      premises,
    });
    if (recorded === "outdated") return null;
    if (entries.length > 0 && assessed.kind !== "wait")
      await noteBasis(store, subject, {
        head: assessed.headSha,
        policy: assessed.digest,
        judged: entries.map(({ entry, digests }) => ({
          number: typeof entry.detail.member === "number" ? entry.detail.member : null,
          facts: { ...digests?.facts },
        })),
      });
    if (unchanged) return { outcome: "unchanged", answer };
    const found = renewal.fresh
      ? null
      : (assessed.ownCheckRuns.find((run) => run.name === checkName)?.id ?? null);
    const outcome = await publish(deps, lease, key, repository, { found, fresh: renewal.fresh });
    if (outcome === "sent" && answer.kind === "wait")
      await noteWaiting(store.records, key, renewal, now);
    return { outcome, answer };
  }

  /** Composes what the commit shall show from its own answer and the others', and concludes, until nobody came in between. */
  async function compose(
    lease: Lease,
    subject: Subject,
    repository: RepositoryRecord,
    assessed: Assessment,
  ): Promise<Concluded> {
    const row = assessed.pullRequest;
    for (let round = 0; round < compositionsAtMost; round++) {
      const concluded = await conclude(
        lease,
        subject,
        repository,
        assessed,
        row === null ? { answers: [], premises: [] } : await companions(repository, row),
      );
      if (concluded !== null) return concluded;
    }
    throw new GatehouseError(
      "unavailable",
      "the other pull requests on this commit are being decided all the time",
    );
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
      return nothingRead(lease, subject, repository, assessed, from);
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
    await noteOverrideStates(deps, repository.id, assessed.requests);
    // A pull request that was closed while it waited wants no answer any more.
    if (row !== null && row.state === "closed") return done;
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
          from,
        );
      if (stands && since !== null)
        return standsFor(lease, since, assessed.rendered.title, assessed.retry.at);
    }
    return answerWith(lease, subject, repository, assessed, from);
  }

  /** Not even the subject can be read: what was answered stands for a while, unless the policy is another one by now. */
  async function nothingRead(
    lease: Lease,
    subject: Subject,
    repository: RepositoryRecord,
    error: GatehouseError,
    from: number,
  ): Promise<Outcome> {
    const last = await store.records.lastDecision(subjectKey(subject));
    if (last === null || last.decision.kind === "wait") throw error;
    const row =
      subject.kind === "pull_request"
        ? await store.records.pullRequest(repository.id, subject.number)
        : null;
    // What stands is on another commit: the one there is now has no answer yet.
    const isOfNow =
      subject.kind === "pull_request"
        ? row?.state === "open" && row.headSha === last.headSha
        : subject.kind === "merge_group" && subject.headSha === last.headSha;
    if (!isOfNow) throw error;
    const now = clock.now();
    const since = (await unreadSince(store, subject, now)) ?? now;
    const policy = await assessor.policyDigest(repository);
    const passes = isTransient(error.code) || error.code === "gone";
    if (passes && now < since + standsAtMostMs && (policy === null || policy === last.policyDigest))
      return standsFor(lease, since, error.message, error.retryAt);
    const decision = nothingReadable(last, error.message, now);
    const assessed: Assessment = {
      label: row === null ? last.subjectKey : `#${row.number}`,
      kind: "wait",
      rendered: sayingSince(renderDecision(decision), since),
      decision,
      headSha: last.headSha,
      baseRef: last.baseRef,
      pullRequest: row,
      members: null,
      digest: policy ?? last.policyDigest,
      judged: [
        {
          subject,
          answer: "wait",
          title: "Cannot be read",
          decision,
          headSha: last.headSha,
          baseSha: null,
          policy: policy ?? last.policyDigest,
          blobs: { repository: null, organization: null },
          inputs: null,
        },
      ],
      changesAt: null,
      ownCheckRuns: [],
      retry: { at: error.retryAt },
      asLastRead: null,
      editsPolicy: false,
      requests: [],
      actions: [],
      followUps: [],
    };
    const outcome = await answerWith(lease, subject, repository, assessed, from);
    if (!passes) throw error;
    return outcome;
  }

  /** What was answered stands for now; it is looked at again soon, and at the latest when it may stand no longer. */
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

  /** Gives the answer, and says when to look again. */
  async function answerWith(
    lease: Lease,
    subject: Subject,
    repository: RepositoryRecord,
    assessed: Assessment,
    from: number,
  ): Promise<Outcome> {
    const row = assessed.pullRequest;
    const { outcome, answer } = await exclusive(`${repository.id}:${assessed.headSha}`, () =>
      compose(lease, subject, repository, assessed),
    );
    logDecision(subject, repository, answer, assessed.headSha, performance.now() - from, outcome);
    if (assessed.followUps.length > 0) await store.queue.mark(assessed.followUps);
    if (assessed.editsPolicy && row !== null && outcome !== "superseded")
      await store.queue.mark([
        previewJob.item(
          { repository: row.repository, number: row.number, headSha: row.headSha },
          clock.now(),
        ),
      ]);
    if (outcome === "superseded") {
      // In a moment: parts of GitHub may tell of the older head for a while.
      await store.queue.mark([
        { ...judgeItem(subject, clock.now(), true), runAt: clock.now() + settledByThenMs },
      ]);
      return done;
    }
    const now = clock.now();
    if (assessed.retry !== null)
      return {
        kind: "again",
        at: Math.max(assessed.retry.at ?? 0, now + backOff(lease.attempts, Math.random())),
        reason: assessed.rendered.title,
      };
    const wakes = [assessed.changesAt, answer.kind === "wait" ? now + renewAfterMs : null].filter(
      (at): at is number => at !== null && at > now,
    );
    return { kind: "done", wakeAt: wakes.length === 0 ? null : Math.min(...wakes) };
  }

  return ({ lease, payload: subject, repository }) =>
    subject.kind === "deployment"
      ? deployments.judge(lease, subject, repository)
      : judgePullRequest(lease, subject, repository);
}
