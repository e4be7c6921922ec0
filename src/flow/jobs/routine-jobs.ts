import { z } from "zod";
import { priorities, type WorkItem } from "#core/ports/queue.ts";
import { defineJob } from "./define-job.ts";

const routine = (kind: string) =>
  defineJob({
    kind,
    schema: z.null(),
    guard: "none",
    priority: priorities.sweep,
    key: () => kind,
  });

/** Work that repeats by itself: each run sets the next, so that a restart or a second process changes nothing. */
export const reconcileAllJob = routine("reconcile-all");
export const sweepDeliveriesJob = routine("sweep-deliveries");
export const sweepActivityJob = routine("sweep-activity");
export const pruneJob = routine("prune");
export const watchHealthJob = routine("watch-health");
export const anchorJob = routine("anchor-audit-log");

export const routineItems = (now: number): readonly WorkItem[] =>
  [reconcileAllJob, sweepDeliveriesJob, sweepActivityJob, pruneJob, watchHealthJob, anchorJob].map(
    (job) => job.item(null, now),
  );
