import { z } from "zod";
import { readSubject } from "#core/model/subject.ts";
import { priorities, type Lease, type RepositoryRecord, type WorkItem } from "#core/ports/index.ts";
import { createWaitingFinder } from "./find-waiting.ts";
import { refreshSlug } from "#flow/people/app-slug.ts";
import type { House } from "#flow/deps.ts";
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
  house: House,
  name: string,
  everyMs: number,
  work: () => Promise<unknown>,
): Promise<Outcome> {
  try {
    await work();
    house.meter.count("sweeps_total", { sweep: name, outcome: "done" });
  } catch (error) {
    house.meter.count("sweeps_total", { sweep: name, outcome: "failed" });
    throw error;
  }
  return { kind: "done", wakeAt: house.clock.now() + everyMs };
}

/** Whose push changed the policy, where GitHub told of one. */
const pusherOf = (lease: Lease): string | null =>
  z.object({ by: z.string().nullable().default(null) }).parse(lease.payload).by;

/** What old decisions were made of goes; the record says so, for they cannot be made again afterwards. */
async function pruneInputs(house: House, now: number): Promise<void> {
  const before = now - house.keepInputsMs;
  const pieces = await house.store.inputs.prune(before);
  if (pieces > 0)
    await house.store.audit.append([
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
  house: House,
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
      const repository = await house.store.records.repository(id);
      if (repository !== null && repository.active) await work(repository, lease);
      return done;
    };
  return {
    judge: (lease) => judge.judge(lease, readSubject(lease.payload)),
    preview,
    "find-waiting": createWaitingFinder(house),
    "watch-deployment": watch.deployment,
    "open-review": createReviewOpener(house),
    ...people,
    policy: withRepository((repository, lease) =>
      repositoryChanged(house, policies, repository, pusherOf(lease)),
    ),
    names: withRepository((repository) => reviewNames(house, policies, repository)),
    reconcile: withRepository((repository, lease) =>
      reconcileRepository(house, policies, watch, lease, repository),
    ),
    "required-check": withRepository(lookAtRequiredCheck),
    installation: async (lease) => {
      const { installation, routine } = z
        .object({ installation: z.number(), routine: z.boolean().default(false) })
        .parse(lease.payload);
      if (routine) await reconcileInTurn(house, installation);
      else await reconcileInstallation(house, installation);
      return done;
    },
    "reconcile-all": () =>
      repeated(house, "reconcile", reconcileEveryMs, async () => {
        await refreshSlug(house);
        await reconcileAll(house);
      }),
    "sweep-deliveries": () =>
      repeated(house, "deliveries", sweepEveryMs, () => sweepDeliveries(house)),
    "sweep-activity": () =>
      repeated(house, "activity", activityEveryMs, () => sweepActivity(house)),
    activity,
    prune: () =>
      repeated(house, "prune", pruneEveryMs, async () => {
        const now = house.clock.now();
        await house.store.inbox.prune(now - keepBodiesMs);
        await house.store.prune(now - keepSettledMs);
        await pruneInputs(house, now);
      }),
  };
}
