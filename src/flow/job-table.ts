import { createMerges } from "./bypasses/merges.ts";
import { createWatch } from "./bypasses/watch-deployments.ts";
import { createPushWatch } from "./bypasses/watch-pushes.ts";
import { createRequiredCheckWatch } from "./bypasses/watch-required-check.ts";
import type { Deps } from "./deps.ts";
import type { SharedChanges } from "./facts/shared-changes.ts";
import { isOpenedSinceStart } from "./in-force/opened-since-start.ts";
import { commandJob } from "./jobs/command-job.ts";
import {
  bindJob,
  type Guard,
  type Handler,
  type Job,
  type JobDefinition,
} from "./jobs/define-job.ts";
import {
  deploymentCommentJob,
  findWaitingJob,
  rolloutJob,
  tallyJob,
  watchDeploymentJob,
} from "./jobs/deployment-jobs.ts";
import { activityJob, installationJob } from "./jobs/installation-jobs.ts";
import { judgeJob } from "./jobs/judge-job.ts";
import { done } from "./jobs/outcome.ts";
import { labelJob, mergedJob, previewJob } from "./jobs/pull-request-jobs.ts";
import {
  namesJob,
  policyJob,
  sharedFilesJob,
  reconcileJob,
  requiredCheckJob,
  runningJob,
  ticketsJob,
  watchPushJob,
} from "./jobs/repository-jobs.ts";
import { openReviewJob, reviewIssueJob, reviewUnusedJob } from "./jobs/review-jobs.ts";
import {
  anchorJob,
  pruneJob,
  reconcileAllJob,
  sweepActivityJob,
  sweepDeliveriesJob,
  watchHealthJob,
} from "./jobs/routine-jobs.ts";
import { createDeploymentAssessor } from "./judge/assess-deployment.ts";
import { createAssessor } from "./judge/assess.ts";
import { createDeploymentJudge } from "./judge/judge-deployment.ts";
import { createJudge } from "./judge/judge.ts";
import { createDeploymentComment } from "./people/deployment-comment.ts";
import { createLabelRequests } from "./people/label-overrides.ts";
import { createCommands } from "./people/run-command.ts";
import { createTallyTeller } from "./people/tell-tally.ts";
import type { Policies } from "./policy/policies.ts";
import { createSummaryComment } from "./publish/summary-comment.ts";
import { createUnusedReviews } from "./reviews/close-unused.ts";
import { createReviewOpener } from "./reviews/open-review.ts";
import { createReviewIssues } from "./reviews/review-issues.ts";
import { createWaitingFinder } from "./sweeps/find-waiting.ts";
import {
  reconcileRepository,
  repositoryChanged,
  reviewNames,
  sharedFilesChanged,
} from "./sweeps/reconcile.ts";
import { anchorAuditLog } from "./sweeps/anchor-audit-log.ts";
import { createInstallationReconciler, createRoutines } from "./sweeps/routines.ts";
import { createActivitySweep } from "./sweeps/sweep-activity.ts";
import type { SweepPorts } from "./sweeps/sweep-ports.ts";
import { createRolloutComment } from "./rollout/rollout-watch.ts";
import type { RunningWatch } from "./running/watch-running.ts";
import type { TicketKeeper } from "./tickets/open-ticket.ts";
import { createPolicyPreview } from "./what-if/preview-policy.ts";

/** Every kind of work: its definition (kind, schema, guard, priority, key) joined with its handler. */
export function createJobTable(
  deps: Deps,
  policies: Policies,
  tickets: TicketKeeper,
  running: RunningWatch,
  sweepPorts: SweepPorts,
  changes: Pick<SharedChanges, "catchUp">,
  onJudged: (subjectKey: string) => void,
): readonly Job[] {
  const bind = <Payload, Guarded extends Guard>(
    definition: JobDefinition<Payload, never, Guarded>,
    handle: Handler<Payload, Guarded>,
  ): Job =>
    bindJob(deps.store, definition, handle, ({ installationId, id }) =>
      changes.catchUp(installationId, id),
    );
  const summary = createSummaryComment(deps, (repository, number) =>
    isOpenedSinceStart(deps, repository, number),
  );
  const watch = createWatch(deps, policies);
  const routines = createRoutines(deps);
  const judgeDeployment = createDeploymentJudge(
    deps,
    createDeploymentAssessor(deps, policies),
    onJudged,
  );
  return [
    bind(judgeJob, createJudge(deps, createAssessor(deps, policies), judgeDeployment)),
    bind(previewJob, createPolicyPreview(deps, policies)),
    bind(commandJob, createCommands(deps, policies, summary)),
    bind(labelJob, createLabelRequests(deps, policies, summary)),
    bind(tallyJob, createTallyTeller(deps, summary)),
    bind(deploymentCommentJob, createDeploymentComment(deps, policies, summary)),
    bind(rolloutJob, createRolloutComment(deps, policies, summary)),
    bind(findWaitingJob, createWaitingFinder(deps)),
    bind(watchDeploymentJob, watch.deployment),
    bind(watchPushJob, createPushWatch(deps, policies)),
    bind(requiredCheckJob, createRequiredCheckWatch(deps, policies)),
    bind(mergedJob, createMerges(deps, policies)),
    bind(openReviewJob, createReviewOpener(deps)),
    bind(reviewIssueJob, createReviewIssues(deps, policies)),
    bind(reviewUnusedJob, createUnusedReviews(deps)),
    bind(ticketsJob, tickets.handle),
    bind(runningJob, running.handle),
    bind(policyJob, async ({ repository, payload }) => {
      await repositoryChanged(deps, policies, repository, payload.by);
      return done;
    }),
    bind(sharedFilesJob, async ({ payload }) => {
      await sharedFilesChanged(deps, policies, payload.repository);
      return done;
    }),
    bind(namesJob, async ({ repository }) => {
      await reviewNames(deps, policies, repository);
      return done;
    }),
    bind(reconcileJob, async ({ lease, repository }) => {
      await reconcileRepository(deps, policies, watch, lease, repository);
      return done;
    }),
    bind(installationJob, createInstallationReconciler(deps)),
    bind(activityJob, createActivitySweep(deps, policies, sweepPorts)),
    bind(reconcileAllJob, routines.reconcileAll),
    bind(sweepDeliveriesJob, routines.sweepDeliveries),
    bind(sweepActivityJob, routines.sweepActivity),
    bind(pruneJob, routines.prune),
    bind(watchHealthJob, routines.watchHealth),
    bind(anchorJob, () => anchorAuditLog(deps)),
  ];
}
