import { z } from "zod";
import { readSubject } from "#core/model/subject.ts";
import { priorities, type Lease, type WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { createWaitingFinder } from "./find-waiting.ts";
import { refreshSlug } from "#flow/people/app-slug.ts";
import type { Deps } from "#flow/deps.ts";
import type { Judge } from "#flow/judge/judge.ts";
import { createReviewOpener } from "#flow/reviews/open-review.ts";
import type { Policies } from "#flow/policy/policies.ts";
import {
  reconcileAll,
  reconcileInstallation,
  reconcileInTurn,
  reconcileRepository,
  reviewNames,
  repositoryChanged,
} from "./reconcile.ts";
import { activityEveryMs, sweepActivity } from "./sweep-activity.ts";
import { sweepDeliveries } from "./sweep-deliveries.ts";
import type { Watch } from "#flow/bypasses/watch-deployments.ts";
import { done, type Handler, type Outcome } from "#flow/jobs/work.ts";

const minute = 60_000;
const sweepEveryMs = 2 * minute;
const reconcileEveryMs = 60 * minute;
const pruneEveryMs = 60 * minute;
/** Bodies are of no use beyond the days in which GitHub can deliver again. */
const keepBodiesMs = 8 * 24 * 60 * minute;
/** Superseded decisions and settled effects; the audit log keeps its own record of them. */
const keepSettledMs = 90 * 24 * 60 * minute;

/** Work that repeats by itself: each run sets the next, so that a restart or a second process changes nothing. */
export function routineItems(now: number): readonly WorkItem[] {
  const routine = (key: string): WorkItem => ({
    key,
    kind: key,
    payload: null,
    priority: priorities.sweep,
    runAt: now,
  });
  return [
    routine("reconcile-all"),
    routine("sweep-deliveries"),
    routine("sweep-activity"),
    routine("prune"),
  ];
}

async function repeated(
  deps: Deps,
  name: string,
  everyMs: number,
  work: () => Promise<unknown>,
): Promise<Outcome> {
  try {
    await work();
    deps.meter.count("sweeps_total", { sweep: name, outcome: "done" });
  } catch (error) {
    deps.meter.count("sweeps_total", { sweep: name, outcome: "failed" });
    throw error;
  }
  return { kind: "done", wakeAt: deps.clock.now() + everyMs };
}

/** Whose push changed the policy, where GitHub told of one. */
const pusherOf = (lease: Lease): string | null =>
  z.object({ by: z.string().nullable().default(null) }).parse(lease.payload).by;

/** What old decisions were made of goes; the record says so, for they cannot be made again afterwards. */
async function pruneInputs(deps: Deps, now: number): Promise<void> {
  const before = now - deps.keepInputsMs;
  const pieces = await deps.store.inputs.prune(before);
  if (pieces > 0)
    await deps.store.audit.append([
      {
        at: now,
        kind: "inputs_removed",
        repository: null,
        subject: null,
        actor: null,
        detail: { before, pieces },
      },
    ]);
}

/** What each kind of work in the queue does. */
export function createHandlers(
  deps: Deps,
  policies: Policies,
  judge: Judge,
  preview: Handler,
  watch: Watch,
  people: Readonly<Record<string, Handler>>,
  lookAtRequiredCheck: (repository: RepositoryRecord) => Promise<void>,
  activity: Handler,
): Readonly<Record<string, Handler>> {
  const withRepository =
    (work: (repository: RepositoryRecord, lease: Lease) => Promise<void>): Handler =>
    async (lease) => {
      const { repository: id } = z.object({ repository: z.number() }).parse(lease.payload);
      const repository = await deps.store.records.repository(id);
      if (repository !== null && repository.active) await work(repository, lease);
      return done;
    };
  return {
    judge: (lease) => judge.judge(lease, readSubject(lease.payload)),
    preview,
    "find-waiting": createWaitingFinder(deps),
    "watch-deployment": watch.deployment,
    "open-review": createReviewOpener(deps),
    ...people,
    policy: withRepository((repository, lease) =>
      repositoryChanged(deps, policies, repository, pusherOf(lease)),
    ),
    names: withRepository((repository) => reviewNames(deps, policies, repository)),
    reconcile: withRepository((repository, lease) =>
      reconcileRepository(deps, policies, watch, lease, repository),
    ),
    "required-check": withRepository(lookAtRequiredCheck),
    installation: async (lease) => {
      const { installation, routine } = z
        .object({ installation: z.number(), routine: z.boolean().default(false) })
        .parse(lease.payload);
      if (routine) await reconcileInTurn(deps, installation);
      else await reconcileInstallation(deps, installation);
      return done;
    },
    "reconcile-all": () =>
      repeated(deps, "reconcile", reconcileEveryMs, async () => {
        await refreshSlug(deps);
        await reconcileAll(deps);
      }),
    "sweep-deliveries": () =>
      repeated(deps, "deliveries", sweepEveryMs, () => sweepDeliveries(deps)),
    "sweep-activity": () => repeated(deps, "activity", activityEveryMs, () => sweepActivity(deps)),
    activity,
    prune: () =>
      repeated(deps, "prune", pruneEveryMs, async () => {
        const now = deps.clock.now();
        await deps.store.inbox.prune(now - keepBodiesMs);
        await deps.store.prune(now - keepSettledMs);
        await pruneInputs(deps, now);
      }),
  };
}
