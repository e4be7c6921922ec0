import type { House } from "./house.ts";

const cursorKey = "sweep:deliveries:since";
/** GitHub keeps deliveries for three days (GHES seven). */
const keptMs = 3 * 86_400_000;

/**
 * Asks GitHub to send again what it could not deliver: GitHub never does that by itself
 * (docs.github.com, Handling failed webhook deliveries). What is here already is not asked for.
 */
export async function sweepDeliveries(house: House): Promise<number> {
  const { records, inbox } = house.store;
  const now = house.clock.now();
  const remembered = Number((await records.getValue(cursorKey)) ?? 0);
  // A little overlap: a delivery may have been tried while the last sweep ran.
  const since = Math.max(now - keptMs, remembered - 300_000);
  const failed = await house.github.failedDeliveries(since);
  const known = await inbox.knownGuids(failed.map((delivery) => delivery.guid));
  let asked = 0;
  for (const delivery of failed) {
    if (known.has(delivery.guid) || !(await records.claimOnce(`redeliver:${delivery.guid}:${Math.floor(now / 600_000)}`, now))) continue;
    await house.github.redeliver(delivery.id);
    asked += 1;
  }
  await records.setValue(cursorKey, String(now));
  house.meter.count("redeliveries_requested_total", {}, asked);
  if (asked > 0) house.log.info({ asked }, "asked GitHub to deliver again what failed");
  return asked;
}
