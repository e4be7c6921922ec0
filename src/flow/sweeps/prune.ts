import type { Deps } from "#flow/deps.ts";

const day = 24 * 60 * 60_000;
/** Bodies are of no use beyond the days in which GitHub can deliver again. */
const keepBodiesMs = 8 * day;
/** Superseded decisions, settled effects, and tokens since they ran out; the audit log keeps its own record of them. */
const keepSettledMs = 90 * day;

/** A year and a month: a report of the last twelve months has all of them. */
const keepMeasurementsMs = 400 * day;

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

/** Deletes what is kept no longer. */
export async function prune(deps: Deps): Promise<void> {
  const now = deps.clock.now();
  await deps.store.inbox.prune(now - keepBodiesMs);
  await deps.store.sessions.prune(now);
  await deps.store.prune(now - keepSettledMs);
  await deps.store.measurements.prune(now - keepMeasurementsMs);
  await pruneInputs(deps, now);
}
