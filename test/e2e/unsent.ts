import { dueNow } from "./fault-world.ts";
import { rowsIn } from "./rows-in.ts";
import { until, type Gatehouse } from "./harness.ts";

/** A Gatehouse of which GitHub tells nothing for a while, and its sweep, which otherwise runs every 200 seconds. */
export function createSilence(gatehouse: Gatehouse) {
  const { sim } = gatehouse;
  const sweep = (): Promise<void> => dueNow(gatehouse.settings.databaseUrl, "sweep-activity");
  const sweeps = (): Promise<number> => turnsOf(gatehouse.settings.databaseUrl);
  return {
    /** GitHub sends nothing of what happens meanwhile, and keeps no failed delivery of it either. */
    unsent: async (happens: () => void): Promise<void> => {
      await sim.settled();
      sim.deliveryFault({ suppress: true });
      happens();
      await sim.settled();
      sim.clearDeliveryFaults();
    },
    sweep,
    /** A sweep has seen the world as it is. */
    swept: async (): Promise<void> => {
      await sim.settled();
      const before = await sweeps();
      await sweep();
      await until("a sweep", sweeps, (turn) => turn > before);
    },
  };
}

/** How many sweeps of activity came to their end. */
export async function turnsOf(databaseUrl: string): Promise<number> {
  const [row] = await rowsIn<{ readonly value: string }>(
    databaseUrl,
    "select value from kept_values where key like 'sweep:activity:%'",
  );
  return row === undefined ? 0 : (JSON.parse(row.value) as { readonly turn: number }).turn;
}
