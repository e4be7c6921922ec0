import { deploymentReviewKey, type Effect } from "#core/model/effect.ts";
import { GatehouseError, isEndOf, isTransient } from "#core/model/errors.ts";
import { subjectKey } from "#core/model/subject.ts";
import type { Terms } from "#core/model/terms.ts";
import { approvalComment, rejectionComment, renderTrouble } from "#core/render/deployment.ts";
import { environmentCheckName } from "#core/render/environment-check.ts";
import type { Deps } from "#flow/deps.ts";
import { overridesToTake, takingOf } from "#flow/in-force/used-overrides.ts";
import type { Exclusive } from "#flow/jobs/exclusive.ts";
import { backOff, done, type Outcome } from "#flow/jobs/outcome.ts";
import { contentHash } from "#flow/publish/content-hash.ts";
import { publish } from "#flow/publish/publish.ts";
import { haveEnded } from "#flow/publish/terms.ts";
import { prepareCheckRun } from "./check-run.ts";
import { answerEntries, decisionRecord } from "./deployment-record.ts";
import {
  decisionKinds,
  linkFrom,
  ownCheckRuns,
  type Answerable,
  type DeploymentRequest,
} from "./deployment-request.ts";
import { holdDeployment } from "./hold-deployment.ts";
import { letGo } from "./let-go.ts";
import { passedFreezeReviewItems } from "./passed-freeze-reviews.ts";
import { closeRequest, stillWaits } from "./protection-rule.ts";

/** Evidence older than this is not sent but read again, however often. */
const staleAfterMs = 60_000;
/** Tries without a pause; after them people are told that it takes too long, and later tries are spaced out. */
const quickTries = 2;
/** GitHub refuses an answer for reasons that only people can change: not asked again sooner. */
const refusedMs = 10 * 60_000;

/** GitHub did not take a verdict: nothing waits there any more, or people have to change something. */
async function refusal(
  deps: Deps,
  exclusive: Exclusive,
  request: DeploymentRequest,
  error: unknown,
): Promise<Outcome> {
  const { subject, runId, repository } = request;
  const { clock, log } = deps;
  if (
    !(error instanceof GatehouseError) ||
    isTransient(error.code) ||
    error.code === "stale" ||
    isEndOf(subject.repository, error)
  )
    throw error;
  if (!(await stillWaits(deps, subject, repository, runId))) {
    log.info(
      { subject: subjectKey(subject), reason: error.message },
      "the protection rule waits for no answer any more",
    );
    await letGo(deps, exclusive, request);
    return done;
  }
  log.error(
    { subject: subjectKey(subject), environment: subject.environment, err: error },
    "GitHub refuses our answer while the deployment waits: is the protection rule still switched on, and deployments: write granted?",
  );
  // A 404 may be a moment's; everything else waits for people.
  const wait =
    error.code === "not_found"
      ? Math.min(refusedMs, backOff(request.lease.attempts, Math.random()))
      : refusedMs;
  return { kind: "again", at: clock.now() + wait, reason: error.message };
}

/** Time or people overtook the approval before it left: it is judged again. */
async function overtaken(
  deps: Deps,
  exclusive: Exclusive,
  request: DeploymentRequest,
  assessed: Answerable,
  from: number,
): Promise<Outcome> {
  const { attempts } = request.lease;
  const now = deps.clock.now();
  const isOld = now >= from + staleAfterMs;
  const reason = isOld
    ? "the evidence was more than a minute old before the approval could leave"
    : "what the approval stood on changed before it could leave";
  if (attempts < quickTries) return { kind: "again", at: now, reason };
  if (isOld)
    await holdDeployment(deps, exclusive, request, {
      ...assessed,
      kind: "hold",
      rendered: renderTrouble(reason),
      decision: null,
    });
  return { kind: "again", at: now + backOff(attempts - quickTries, Math.random()), reason };
}

/** The verdict: recorded with everything it stands on, then given. It cannot be taken back. */
export async function giveVerdict(
  deps: Deps,
  exclusive: Exclusive,
  request: DeploymentRequest,
  assessed: Answerable & { readonly kind: "approve" | "reject" },
  at: number,
): Promise<Outcome> {
  const { lease, subject, runId, repository } = request;
  const { store, clock } = deps;
  const state = assessed.kind === "approve" ? "approved" : "rejected";
  const terms: Terms = {
    until: Math.min(at + staleAfterMs, assessed.changesAt ?? Infinity),
    heard: request.heard,
  };
  if (state === "approved" && (await haveEnded(deps, terms)))
    return overtaken(deps, exclusive, request, assessed, at);
  const place = linkFrom(deps, request, assessed.label);
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
    ...(state === "approved" ? { terms } : {}),
  };
  const check = await prepareCheckRun(deps, {
    subject,
    repository,
    sha: subject.sha,
    name: environmentCheckName(subject.environment),
    kind: decisionKinds[assessed.kind],
    rendered: assessed.rendered,
    actions: [],
    guard: null,
    own: ownCheckRuns(deps, request, assessed),
  });
  if (assessed.kind === "approve")
    await store.queue.mark(passedFreezeReviewItems(deps, repository, subject, assessed));
  const recorded = await store.ledger.record({
    lease,
    decision: decisionRecord(subject, assessed, at),
    premises:
      state === "approved"
        ? [
            { kind: "stops", ...request.heard },
            ...(await takingOf(deps, subject, overridesToTake(assessed.decision))),
          ]
        : [],
    effects: [
      { effect: review, hash: contentHash([state, comment]) },
      { effect: check.effect, hash: check.hash },
    ],
    ...answerEntries(subject, assessed, at),
  });
  if (recorded === "outdated")
    return {
      kind: "again",
      at: clock.now(),
      reason:
        "somebody spoke meanwhile, or the override that would let it through was taken by another deployment",
    };
  const given = await publish(deps, lease, key, repository).catch((error: unknown) =>
    refusal(deps, exclusive, request, error),
  );
  if (given === "outdated") return overtaken(deps, exclusive, request, assessed, at);
  if (typeof given === "object") return given;
  await closeRequest(deps, subject, state);
  await exclusive(check.effect.key, () => check.send(lease));
  return done;
}
