import { sameEnvironment } from "#core/deployments/environment.ts";
import { waitsAtMostMs } from "#core/deployments/longest-wait.ts";
import { isQuestion } from "#core/model/subject.ts";
import { priorities, type Lease, type WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import { inOurTime } from "#flow/in-our-time.ts";
import { noteAsked } from "#flow/intake/route-deployment.ts";
import type { HandlerOf } from "#flow/jobs/define-job.ts";
import { findWaitingJob } from "#flow/jobs/deployment-jobs.ts";
import { judgeItem } from "#flow/jobs/judge-job.ts";
import { backOff, done, type Outcome } from "#flow/jobs/outcome.ts";
import { subjectOf, waitingIn } from "#flow/judge/waiting-deployments.ts";
import { noFirstLook } from "#flow/policy/first-look.ts";

/** A run whose deployment GitHub does not tell after so many tries is left to the hourly sweep. */
const mostTries = 12;

/**
 * Finds out which deployments of a run wait for our answer: those of an environment that asked us, or, where the
 * question was lost, of every environment in which our rule is switched on. Nothing is approved on the way.
 */
export function createWaitingFinder(deps: Deps): HandlerOf<typeof findWaitingJob> {
  const { store, github, clock, log, meter } = deps;

  /** A question that names no run: it is of one of those that wait. */
  async function inEveryRun(
    lease: Lease,
    repository: RepositoryRecord,
    environment: string | null,
  ): Promise<Outcome> {
    const runs = await github.waitingRuns(repository);
    if (runs.length > 0) {
      await store.queue.mark(
        runs.map((run) =>
          findWaitingJob.item({ repository: repository.id, runId: run, environment }, clock.now()),
        ),
      );
      return done;
    }
    log.error(
      { repository: `${repository.owner}/${repository.name}`, environment },
      "a deployment asks, and no run is told that waits: it is held and looked for again",
    );
    meter.count("deployments_unresolved_total", {}, 1);
    return lease.attempts >= mostTries
      ? done
      : {
          kind: "again",
          at: clock.now() + backOff(lease.attempts, Math.random()),
          reason: "no run is told that waits",
        };
  }

  return async ({ lease, payload: { runId, environment }, repository }) => {
    const { id } = repository;
    if (runId === null) return inEveryRun(lease, repository, environment);
    const waiting = await github.waitingAt(repository, runId);
    // If GitHub does not tell which environments wait, the one of the request is taken.
    const told = waiting ?? (environment === null ? [] : [environment]);
    const asked =
      environment === null ? told : told.filter((name) => sameEnvironment(name, environment));
    const known = (await waitingIn(deps, id, runId)).filter((row) => !isQuestion(row));
    const items: WorkItem[] = [];
    const unresolved: string[] = [];
    for (const name of asked) {
      const row = known.find((each) => sameEnvironment(each.environment, name));
      if (row !== undefined) {
        items.push(judgeItem(subjectOf(row), clock.now(), true));
        continue;
      }
      if (environment === null && !(await github.isGated(repository, name))) continue;
      const seen = await github.deploymentOfRun(repository, runId, name);
      if (seen === null) {
        unresolved.push(name);
        continue;
      }
      const { deploymentId, sha, ref, creator } = seen;
      // It still waits: so it was asked for within the time that GitHub lets it wait.
      const createdAt = inOurTime(deps, seen.createdAt, waitsAtMostMs);
      const noted = await noteAsked(
        deps,
        {
          repository: id,
          deploymentId,
          environment: name,
          sha,
          ref,
          runId,
          actor: creator,
          createdAt,
        },
        createdAt,
      );
      if (noted === null || noted.gateAnsweredAt !== null) continue;
      await noFirstLook(deps, subjectOf(noted));
      items.push(judgeItem(subjectOf(noted), clock.now(), true));
    }
    if (items.length > 0) await store.queue.mark(items);
    if (unresolved.length === 0) return done;
    log.error(
      {
        repository: `${repository.owner}/${repository.name}`,
        run: runId,
        environments: unresolved,
      },
      "a deployment waits that GitHub does not tell: it is held and looked for again",
    );
    meter.count("deployments_unresolved_total", {}, unresolved.length);
    return lease.attempts >= mostTries
      ? done
      : {
          kind: "again",
          at: clock.now() + backOff(lease.attempts, Math.random()),
          reason: `no deployment of run ${runId} is told for ${unresolved.join(", ")}`,
        };
  };
}

/** Work for everything that waits in a repository now: what is remembered, and runs whose question never came. */
export async function waitingItems(
  deps: Deps,
  repository: RepositoryRecord,
): Promise<readonly WorkItem[]> {
  const now = deps.clock.now();
  const held = await waitingIn(deps, repository.id);
  const runs = await deps.github.waitingRuns(repository);
  const unknown = runs.filter((run) => !held.some((row) => row.runId === run && !isQuestion(row)));
  return [
    ...held.map((row) => ({
      ...judgeItem(subjectOf(row), now, false),
      priority: priorities.deployment,
    })),
    ...unknown.map((run) =>
      findWaitingJob.item({ repository: repository.id, runId: run, environment: null }, now),
    ),
  ];
}
