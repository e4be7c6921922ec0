import { subjectKey, type DeploymentSubject } from "#core/model/subject.ts";
import type { DeploymentRow, OutsideQuestion } from "#core/model/deployment.ts";
import type { StopsHeard } from "#core/model/terms.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { environmentCheckName } from "#core/render/environment-check.ts";
import type { Deps } from "#flow/deps.ts";
import { overridesToTake } from "#flow/in-force/used-overrides.ts";
import type { Exclusive } from "#flow/jobs/exclusive.ts";
import { backOff, done, type Outcome } from "#flow/jobs/outcome.ts";
import { contentHash } from "#flow/publish/content-hash.ts";
import { prepareCheckRun } from "./check-run.ts";
import { deploymentActions } from "./deployment-follow-ups.ts";
import { answerEntries, decisionRecord } from "./deployment-record.ts";
import { decisionKinds, type Answerable } from "./deployment-request.ts";
import { nextWake } from "./next-wake.ts";
import { passedFreezeReviewItems } from "./passed-freeze-reviews.ts";
import { rowKey } from "./protection-rule.ts";

/** A question of a deployer outside that is being judged. */
export interface QuestionRequest {
  readonly lease: Lease;
  readonly subject: DeploymentSubject;
  readonly repository: RepositoryRecord;
  readonly row: DeploymentRow;
  readonly question: OutsideQuestion;
  /** How many stopping acts were recorded before the first fact was read. */
  readonly heard: StopsHeard;
  /** Called once the answer is recorded, so that waiting callers look. */
  readonly onJudged: (subjectKey: string) => void;
}

/** A question is looked at again at least so often: the event that would open it may be lost. */
const lookAgainMs = 60 * 60_000;

/**
 * Records the gate's answer to a question and shows it on the commit. An approval is not given out yet, and no
 * override is used up: it waits for its caller, and is judged again when the caller asks.
 */
export async function answerQuestion(
  deps: Deps,
  exclusive: Exclusive,
  { lease, subject, repository, row, question, heard, onJudged }: QuestionRequest,
  assessed: Answerable,
  at: number,
): Promise<Outcome> {
  const { store, clock } = deps;
  const answer = decisionKinds[assessed.kind];
  const { title, summary } = assessed.rendered;
  const shown = contentHash([answer, title, summary, assessed.digest]);
  const check = await prepareCheckRun(deps, {
    subject,
    repository,
    sha: subject.sha,
    name: environmentCheckName(subject.environment),
    kind: answer,
    rendered: assessed.rendered,
    actions: answer === "wait" ? await deploymentActions(deps, subject, assessed) : [],
    guard: null,
    own: assessed.ownCheckRuns,
  });
  // The answer was given out while it was judged again, so nothing waits for this one.
  const still = await store.deployments.row(row.repository, row.deploymentId, row.environment);
  if (still === null || still.gateAnsweredAt !== null) return done;
  const isSame = question.judged?.shown === shown;
  if (answer === "allow" && !isSame)
    await store.queue.mark(passedFreezeReviewItems(deps, repository, subject, assessed));
  await store.ledger.record({
    lease,
    decision: isSame ? null : decisionRecord(subject, assessed, at),
    effects: [{ effect: check.effect, hash: check.hash }],
    ...(isSame ? { audit: [] } : answerEntries(subject, assessed, at)),
  });
  await store.deployments.change(rowKey(subject), (before) =>
    before?.question === undefined || before.gateAnsweredAt !== null
      ? null
      : {
          ...before,
          question: {
            ...before.question,
            refusedAt: answer === "deny" ? before.question.refusedAt : undefined,
            judged: {
              ask: question.asked,
              at,
              recordedAt: clock.now(),
              answer,
              title,
              ruled: assessed.decision !== null,
              changesAt: assessed.changesAt,
              shown,
              stops: heard.count,
              takes: answer === "allow" ? overridesToTake(assessed.decision) : [],
            },
          },
        },
  );
  onJudged(subjectKey(subject));
  await exclusive(check.effect.key, () => check.send(lease));
  const now = clock.now();
  if (assessed.retry !== null)
    return {
      kind: "again",
      at: Math.max(assessed.retry.at ?? 0, now + backOff(lease.attempts, Math.random())),
      reason: title,
    };
  return { kind: "done", wakeAt: nextWake(assessed.changesAt, now, [now + lookAgainMs]) };
}
