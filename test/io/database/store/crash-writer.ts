// Run as a process of its own by crash.test.ts and killed in the middle: writes for ever and says what was acknowledged.
import { writeSync } from "node:fs";
import { argv } from "node:process";
import { openStore } from "#io/database/store/open-store.ts";
import { aComment, aDecision, aDelivery, anEntry, anItem } from "./harness-data.ts";

const [, , url, from] = argv;
if (url === undefined || from === undefined) throw new Error("usage: crash-writer URL FROM");
const store = await openStore({ url });
const leaseMs = 60_000;

for (let index = Number(from); ; index += 4) {
  const round = [0, 1, 2, 3].map((offset) => index + offset);
  await Promise.all(
    round.map(async (number) => {
      await store.inbox.put(aDelivery({ guid: `g${number}` }));
      writeSync(1, `delivery ${number}\n`);
    }),
  );
  await store.queue.mark(round.map((number) => anItem({ key: `k${number}`, runAt: 0 })));
  for (const lease of await store.queue.lease("writer", Date.now(), leaseMs, 4)) {
    const number = Number(lease.key.slice(1));
    await store.ledger.record({
      lease,
      decision: {
        subjectKey: lease.key,
        headSha: "a",
        baseRef: "main",
        policyDigest: "p",
        decision: aDecision(),
        at: number,
      },
      effects: [{ effect: aComment({ key: `c${number}` }), hash: "h" }],
      audit: [anEntry({ subject: lease.key })],
    });
    writeSync(1, `record ${number}\n`);
    await store.queue.complete(lease, null);
    writeSync(1, `done ${number}\n`);
  }
}
