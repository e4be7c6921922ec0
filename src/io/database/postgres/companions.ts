import { releaseOwners } from "../queue/give-back.ts";
import type { Companions } from "../store/companions.ts";
import type { Database } from "../store/writer.ts";
import { watchLives } from "./alive.ts";
import { createPool } from "./pool.ts";
import { wakeOnWork } from "./wake.ts";

/**
 * The other processes over one PostgreSQL database: woken by each other's marks, and taken over from when they end. The
 * server alone says who lives: containers share host names and process ids with others that are at work elsewhere.
 */
export const postgresCompanions =
  (url: string, database: Database, now: () => number): Companions =>
  async ({ self, onWork, onFreed }) => {
    const lives = watchLives({
      url,
      db: database.read,
      self,
      onGone: async (owners) => {
        const count = await releaseOwners(database, (owner) => owners.has(owner), now(), true);
        if (count > 0) onFreed(count);
        onWork();
      },
    });
    await lives.isShown;
    const pool = createPool({ url, name: "gatehouse-wake", size: 3 });
    const stopWaking = wakeOnWork(pool, onWork);
    return async () => {
      await Promise.all([lives.stop(), stopWaking()]);
      await pool.end();
    };
  };
