import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { done } from "#flow/jobs/outcome.ts";
import { createWorker } from "#flow/jobs/worker.ts";
import { openStore } from "#io/database/store/open-store.ts";
import { noMeter } from "../io/github/local-github.ts";
import { anItem } from "../io/database/store/harness-data.ts";

it("asks for what is due next only while somebody is free to take it", async () => {
  const store = await openStore({ url: ":memory:" });
  const silent = () => undefined;
  let asked = 0;
  const queue: typeof store.queue = {
    ...store.queue,
    nextDue: () => {
      asked += 1;
      return store.queue.nextDue();
    },
  };
  const ends: (() => void)[] = [];
  const worker = createWorker(
    {
      ...{ store: { ...store, queue }, clock: { now: Date.now }, meter: noMeter },
      log: { info: silent, warn: silent, error: silent },
    },
    "worker",
    [
      {
        kind: "judge",
        prepare: () => ({
          repository: null,
          run: () => new Promise((resolve) => ends.push(() => resolve(done))),
        }),
      },
    ],
    1,
  );
  try {
    const runAt = Date.now();
    await store.queue.mark([anItem({ key: "first", runAt }), anItem({ key: "second", runAt })]);
    worker.start();
    await expect.poll(() => ends.length).toBe(1);
    await sleep(50);
    const before = asked;
    await sleep(400);
    expect(asked - before).toBe(0);
    ends.shift()?.();
    await expect.poll(() => ends.length).toBe(1);
    ends.shift()?.();
  } finally {
    await worker.stop(1_000);
    await store.close();
  }
});
