import { describe, expect, it } from "vitest";
import { openStore } from "#io/database/store/open-store.ts";
import { aDelivery } from "../io/database/store/harness-data.ts";
import { patience } from "../support/patience.ts";
import { onServer, withPostgres } from "../support/postgres.ts";
import { troubledPostgres } from "./stores.ts";

const portNow = "select current_setting('port') as port";
const aDeliveryOf = (guid: string) => aDelivery({ guid, bodyHash: guid });

describe("a PostgreSQL server that fails over", () => {
  withPostgres((server) => {
    it(
      "loses nothing that was acknowledged, and the store goes on by itself over its successors",
      async () => {
        const troubled = await troubledPostgres(server());
        const store = await openStore({ url: troubled.url });
        try {
          const guids = ["zero", "one", "two"];
          for (const [turn, guid] of guids.entries()) {
            await expect
              .poll(() => store.inbox.put(aDeliveryOf(guid)).catch(() => "lost"), {
                timeout: 20_000 * patience,
              })
              .toMatch(/stored|duplicate/);
            if (turn === guids.length - 1) break;
            const before = await onServer(troubled.calmUrl, portNow);
            troubled.failOver(100);
            await troubled.works();
            const after = await onServer(troubled.calmUrl, portNow);
            expect(after).not.toEqual(before);
          }
          expect((await store.inbox.unrouted(9)).map(({ guid }) => guid)).toEqual(guids);
        } finally {
          await store.close();
          await troubled.stop();
        }
        // Whoever comes next finds the first server as it was.
        await expect(server().newDatabase()).resolves.toMatch(/^postgres:/);
      },
      120_000 * patience,
    );
  });
});
