import { afterEach, describe, expect, it, vi } from "vitest";
import { openStore, type OpenStore } from "#io/database/store/open-store.ts";
import { createServerClock } from "#io/database/postgres/server-clock.ts";
import { openPostgres } from "#io/database/postgres/open-postgres.ts";
import { withPostgres } from "../../../support/postgres.ts";
import { anItem } from "../store/harness-data.ts";

const minutes = 60_000;

describe("the clock of processes over one PostgreSQL", () => {
  afterEach(() => void vi.useRealTimers());

  withPostgres((server) => {
    /** A process on a machine whose clock is so far before the server's. */
    async function openAhead(url: string, aheadMs: number): Promise<OpenStore> {
      const machine = Date.now();
      vi.useFakeTimers({ toFake: ["Date"], now: machine + aheadMs });
      try {
        return await openStore({ url });
      } finally {
        vi.useRealTimers();
      }
    }

    it("F19: what one has under way is not taken by another whose machine is minutes before it", async () => {
      const url = await server().newDatabase();
      const slow = await openAhead(url, -4 * minutes);
      const fast = await openAhead(url, 4 * minutes);
      try {
        await slow.queue.mark([anItem({ runAt: slow.now() })]);
        expect(await slow.queue.lease("slow", slow.now(), 15_000, 1)).toHaveLength(1);
        expect(await fast.queue.lease("fast", fast.now(), 15_000, 1)).toEqual([]);
      } finally {
        await Promise.all([slow.close(), fast.close()]);
      }
    });

    it("F19: what one is told on a machine that is minutes before the others is due for them at once", async () => {
      const url = await server().newDatabase();
      const slow = await openAhead(url, -4 * minutes);
      const fast = await openAhead(url, 4 * minutes);
      try {
        await fast.queue.mark([anItem({ runAt: fast.now() })]);
        // A round trip to the server is what their clocks may differ by.
        await expect
          .poll(() => slow.queue.lease("slow", slow.now(), 15_000, 1))
          .toEqual([expect.objectContaining({ key: "pr:1:1" })]);
      } finally {
        await Promise.all([slow.close(), fast.close()]);
      }
    });

    it("runs with the steady timer between two answers, and follows a server that tells another time", async () => {
      const { database } = await openPostgres({ url: await server().newDatabase(), size: 1 });
      let steady = 5_000;
      const clock = createServerClock(database.read, () => steady);
      try {
        await clock.ask();
        const first = clock.now();
        expect(Math.abs(first - Date.now())).toBeLessThan(5_000);
        steady += 10;
        expect(clock.now()).toBe(first + 10);
        // The answer that comes next tells of another time by minutes.
        steady += 7 * minutes;
        await clock.ask();
        expect(clock.now() - first).toBeLessThan(minutes);
      } finally {
        await database.read.destroy();
      }
    });
  });
});
