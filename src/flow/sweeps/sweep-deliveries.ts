import { z } from "zod";
import { backPressureLimits } from "#flow/intake/back-pressure.ts";
import { GatehouseError, isTransient } from "#core/model/errors.ts";
import type { Deps } from "#flow/deps.ts";

const cursorKey = "sweep:deliveries:since";
const askedKey = "sweep:deliveries:asked";
/** GitHub keeps deliveries for three days (GHES seven). */
const keptMs = 3 * 86_400_000;
/** What was asked for is on its way for a while: only then is it asked for once more. */
const askAgainMs = 10 * 60_000;
/** Looked back beyond the last sweep: a redelivery that failed too must still be in sight when its turn comes again. */
const overlapMs = 2 * askAgainMs;

/** After a storm there are thousands, and each takes GitHub a moment. */
const askedAtOnce = 4;

/** One delivery that GitHub cannot send holds up no other; a GitHub in trouble is left alone. */
const troublesAtMost = 3;

const askedShape = z.record(z.string(), z.number());

/** GUIDs asked for within the last minutes, by when. */
async function recentlyAsked(deps: Deps, now: number): Promise<Map<string, number>> {
  const stored = await deps.store.records.getValue(askedKey);
  const asked = askedShape.safeParse(stored === null ? {} : JSON.parse(stored)).data ?? {};
  return new Map(Object.entries(asked).filter(([, at]) => now - at < askAgainMs));
}

/**
 * Asks GitHub to send again what it could not deliver: GitHub never does that by itself
 * (docs.github.com, Handling failed webhook deliveries). What is here already is not asked for.
 */
export async function sweepDeliveries(deps: Deps): Promise<number> {
  const { records, inbox } = deps.store;
  const now = deps.clock.now();
  // What would be refused again is left with GitHub, which keeps it for days.
  if ((await inbox.backlog(backPressureLimits.yielding)) > backPressureLimits.yielding / 2)
    return 0;
  const cached = Number((await records.getValue(cursorKey)) ?? 0);
  const since = Math.max(now - keptMs, cached - overlapMs);
  const failed = await deps.github.failedDeliveries(since);
  const known = await inbox.knownGuids(failed.map((delivery) => delivery.guid));
  const asked = await recentlyAsked(deps, now);
  const before = asked.size;
  const troubles: unknown[] = [];
  const ask = async (delivery: (typeof failed)[number]): Promise<void> => {
    try {
      await deps.github.redeliver(delivery.id);
    } catch (error) {
      if (!(error instanceof GatehouseError) || isTransient(error.code)) {
        troubles.push(error);
        return;
      }
      deps.log.warn(
        { delivery: delivery.guid, reason: error.message },
        "GitHub does not deliver this again",
      );
    }
    asked.set(delivery.guid, now);
  };
  const wanted = failed.filter(({ guid }) => !known.has(guid) && !asked.has(guid));
  for (let from = 0; from < wanted.length && troubles.length < troublesAtMost; from += askedAtOnce)
    await Promise.all(wanted.slice(from, from + askedAtOnce).map(ask));
  const count = asked.size - before;
  if (count > 0) {
    await records.setValue(askedKey, JSON.stringify(Object.fromEntries(asked)));
    deps.log.info({ asked: count }, "asked GitHub to deliver again what failed");
  }
  deps.meter.count("redeliveries_requested_total", {}, count);
  // Repeated soon, from where this sweep began.
  if (troubles.length > 0) throw troubles[0];
  await records.setValue(cursorKey, String(now));
  return count;
}
