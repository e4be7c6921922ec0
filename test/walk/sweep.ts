import { dueNow } from "../e2e/fault-world.ts";
import { turnsOf } from "../e2e/unsent.ts";
import { idle, until, type WatchedGate } from "../e2e/harness.ts";

/** How often a sweep has been done. */
const sweepsDone = (gatehouse: WatchedGate): Promise<number> =>
  turnsOf(gatehouse.settings.databaseUrl);

/** What the gate does every few minutes, now: it asks for what failed, and compares what it never heard of. */
export async function sweep(gatehouse: WatchedGate): Promise<void> {
  const { databaseUrl } = gatehouse.settings;
  await dueNow(databaseUrl, "sweep-deliveries", gatehouse.now());
  await idle(gatehouse);
  const before = await sweepsDone(gatehouse);
  await dueNow(databaseUrl, "sweep-activity", gatehouse.now());
  await until(
    "a sweep",
    () => sweepsDone(gatehouse),
    (done) => done > before,
  );
  await idle(gatehouse);
}

/** The same while the world goes on: nothing is waited for. */
export async function sweepSoon(gatehouse: WatchedGate): Promise<void> {
  for (const key of ["sweep-deliveries", "sweep-activity"])
    await dueNow(gatehouse.settings.databaseUrl, key, gatehouse.now());
}
