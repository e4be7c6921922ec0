import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createInboxDrain } from "#flow/intake/drain-inbox.ts";
import { createMarkBatch } from "#flow/intake/mark-batch.ts";
import { openStore, type OpenStore } from "#io/database/store/open-store.ts";
import { aDelivery } from "../io/database/store/harness-data.ts";
import { withPostgres } from "../support/postgres.ts";

const silent = () => undefined;

describe("processes over one PostgreSQL", () => {
  withPostgres((server) => {
    it("what takes one of them seconds to route is not routed by another as well", async () => {
      const url = await server().newDatabase();
      const stores = [await openStore({ url }), await openStore({ url })];
      const routed: string[] = [];
      const drainOf = (store: OpenStore, nth: number) =>
        createInboxDrain(
          {
            ...{ store, clock: { now: store.now } },
            log: { info: silent, warn: silent, error: silent },
          },
          async ({ guid }) => {
            await sleep(60);
            routed.push(guid);
          },
          createMarkBatch(store),
          silent,
          `process-${nth}`,
        );
      const drains = stores.map(drainOf);
      try {
        const guids = Array.from({ length: 80 }, (_, n) => `delivery-${n}`);
        for (const guid of guids) await stores[0]?.inbox.put(aDelivery({ guid, bodyHash: guid }));
        for (const drain of drains) drain.start();
        await expect.poll(() => stores[0]?.inbox.backlog(1), { timeout: 60_000 }).toBe(0);
        await Promise.all(drains.map((drain) => drain.stop()));
        expect(routed.sort()).toEqual(guids.sort());
      } finally {
        for (const drain of drains) await drain.stop();
        for (const store of stores) await store.close();
      }
    });
  });
});
