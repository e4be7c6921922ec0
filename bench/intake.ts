import { createHmac, randomUUID } from "node:crypto";
import { ms, percentile, type Row } from "./row.ts";
import { gateRuns, memoryOf, openWorld, repo, until } from "./world.ts";

const policy = `
version: 1
rules:
  - name: reviewed
    require: { reviews: { approvals: 1 } }
`;

/** Acknowledgement under 200 deliveries a second, boot time, memory. */
export async function run(): Promise<readonly Row[]> {
  const world = await openWorld(policy);
  const { sim, gate, site } = world;
  try {
    const { number } = sim.openPull({
      repo,
      author: "ada",
      head: "b",
      files: { "src/b.ts": "1\n" },
    });
    await until("the first check run", () => gateRuns(sim).length === 1);
    await sim.settled();
    const sample = sim.deliveries.find((delivery) => delivery.event === "pull_request");
    const body = JSON.stringify({ ...(sample?.payload as object), padding: "x".repeat(20_000) });
    const times: number[] = [];
    const perSecond = 200;
    const forSeconds = 10;
    const from = performance.now();
    const waiting: Promise<void>[] = [];
    for (let n = 0; n < perSecond * forSeconds; n += 1) {
      const due = from + (n * 1000) / perSecond;
      const pause = due - performance.now();
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      const text = body.replace('"padding":"', `"padding":"${n}-${number}-`);
      const sent = performance.now();
      waiting.push(
        fetch(`${gate.url}/api/github/webhooks`, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            "x-github-event": "pull_request",
            "x-github-delivery": randomUUID(),
            "x-hub-signature-256": `sha256=${createHmac("sha256", site.secret).update(text).digest("hex")}`,
          },
          body: text,
        }).then(
          async (answer) => {
            await answer.arrayBuffer();
            if (answer.status === 202) times.push(performance.now() - sent);
          },
          // A connection that broke: told as one that was not stored.
          () => undefined,
        ),
      );
    }
    await Promise.all(waiting);
    const p99 = percentile(times, 0.99);
    return [
      {
        name: "start until listening",
        budget: "< 1 s",
        measured: ms(gate.bootMs),
        kept: gate.bootMs < 1000,
      },
      {
        name: `acknowledge at ${perSecond} deliveries/s, p99 (${times.length} of ${perSecond * forSeconds} stored)`,
        budget: "< 50 ms",
        measured: `${ms(p99)} (p50 ${ms(percentile(times, 0.5))})`,
        kept: p99 < 50 && times.length === perSecond * forSeconds,
      },
      {
        name: "memory under that load",
        budget: "< 250 MB",
        measured: `${Math.round(memoryOf(gate.pid) / 1e6)} MB`,
        kept: memoryOf(gate.pid) < 250e6,
      },
    ];
  } finally {
    await world.close();
  }
}
