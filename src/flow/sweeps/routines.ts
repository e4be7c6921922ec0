import type { Deps } from "#flow/deps.ts";
import type { HandlerOf } from "#flow/jobs/define-job.ts";
import type { installationJob } from "#flow/jobs/installation-jobs.ts";
import { done } from "#flow/jobs/outcome.ts";
import type { pruneJob } from "#flow/jobs/routine-jobs.ts";
import { refreshSlug } from "#flow/people/app-slug.ts";
import { prune } from "./prune.ts";
import { reconcileAll, reconcileInstallation, reconcileInTurn } from "./reconcile.ts";
import { activityEveryMs, sweepActivity } from "./sweep-activity.ts";
import { watchHealth } from "./watch-health.ts";
import { sweepDeliveries } from "./sweep-deliveries.ts";

const minute = 60_000;

type Routine = HandlerOf<typeof pruneJob>;

/** Counts how a run ended, and sets the next one. */
const repeated =
  (deps: Deps, sweep: string, everyMs: number, work: (deps: Deps) => Promise<unknown>): Routine =>
  async () => {
    try {
      await work(deps);
      deps.meter.count("sweeps_total", { sweep, outcome: "done" });
    } catch (error) {
      deps.meter.count("sweeps_total", { sweep, outcome: "failed" });
      throw error;
    }
    return { kind: "done", wakeAt: deps.clock.now() + everyMs };
  };

async function reconcileEverything(deps: Deps): Promise<void> {
  await refreshSlug(deps);
  await reconcileAll(deps);
}

/** Handlers of the work that repeats by itself. */
export const createRoutines = (deps: Deps) => ({
  reconcileAll: repeated(deps, "reconcile", 60 * minute, reconcileEverything),
  sweepDeliveries: repeated(deps, "deliveries", 2 * minute, sweepDeliveries),
  sweepActivity: repeated(deps, "activity", activityEveryMs, sweepActivity),
  // Sources are named at start: where there are none, nothing is looked for.
  watchHealth: deps.health.isEmpty
    ? () => Promise.resolve(done)
    : repeated(deps, "health", minute, watchHealth),
  prune: repeated(deps, "prune", 60 * minute, prune),
});

/** Reconciles an installation: all of it, or the part whose turn it is. */
export const createInstallationReconciler =
  (deps: Deps): HandlerOf<typeof installationJob> =>
  async ({ payload: { installation, routine } }) => {
    if (routine) await reconcileInTurn(deps, installation);
    else await reconcileInstallation(deps, installation);
    return done;
  };
