import { dueNow, inDatabase } from "../e2e/fault-world.ts";
import { idle, until, type House } from "../e2e/harness.ts";

/** How often a sweep has been done. */
const sweepsDone = (house: House): Promise<number> =>
  inDatabase(house.settings.databaseUrl, (db) => {
    const row = db.prepare("select value from kept_values where key like 'sweep:activity:%'").get();
    return row === undefined
      ? 0
      : (JSON.parse((row as { value: string }).value) as { turn: number }).turn;
  });

/** What the gate does every few minutes, now: it asks for what failed, and compares what it never heard of. */
export async function sweep(house: House): Promise<void> {
  const { databaseUrl } = house.settings;
  await dueNow(databaseUrl, "sweep-deliveries", house.now());
  await idle(house);
  const before = await sweepsDone(house);
  await dueNow(databaseUrl, "sweep-activity", house.now());
  await until(
    "a sweep",
    () => sweepsDone(house),
    (done) => done > before,
  );
  await idle(house);
}

/** The same while the world goes on: nothing is waited for. */
export async function sweepSoon(house: House): Promise<void> {
  for (const key of ["sweep-deliveries", "sweep-activity"])
    await dueNow(house.settings.databaseUrl, key, house.now());
}
