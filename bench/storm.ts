import { rowsIn } from "../test/e2e/rows-in.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { startProcess, type GateProcess } from "../test/support/gate-process.ts";
import { seconds, type Row } from "./row.ts";
import { gateRuns, memoryOf, openWorld, repo, until, type BenchWorld } from "./world.ts";

const policy = `
version: 1
rules:
  - name: worded
    require: { title: { pattern: "^feat: " } }
`;

const pulls = 1000;
/** With those of opening it (push, check suite, pull request), ten deliveries for each. */
const edits = 7;
/** What fails while nobody is there to take it: about three seconds at ten thousand a minute. */
const inVain = 500;

type Sent = BenchWorld["sim"]["deliveries"];

const answered = (sent: Sent): number =>
  sent.filter((delivery) => delivery.statusCode === 202).length;
const failed = (sent: Sent): number =>
  sent.filter((delivery) => delivery.attempted && delivery.statusCode !== 202).length;

/** GUIDs that the gate has stored. */
async function stored({ databaseUrl }: BenchWorld): Promise<ReadonlySet<string>> {
  const rows = await rowsIn<{ readonly guid: string }>(databaseUrl, "select guid from inbox");
  return new Set(rows.map(({ guid }) => guid));
}

/** Looks anew twice a second only: looking costs, and the simulated GitHub lives in this process. */
function nowAndThen(look: () => number): () => number {
  let at = 0;
  let seen = Number.NaN;
  return () => {
    if (performance.now() - at < 500) return seen;
    seen = look();
    at = performance.now();
    return seen;
  };
}

/** The highest resident memory seen while something goes on. */
function watchMemory(gate: () => GateProcess): {
  readonly highest: () => number;
  readonly stop: () => void;
} {
  let highest = 0;
  const timer = setInterval(() => {
    try {
      highest = Math.max(highest, memoryOf(gate().pid));
    } catch {
      // It is being killed.
    }
  }, 100);
  return { highest: () => highest, stop: () => clearInterval(timer) };
}

/** 10,000 deliveries for 1,000 pull requests; the process is killed (SIGKILL) in the middle and started again. */
export async function run(): Promise<readonly Row[]> {
  const world = await openWorld(policy);
  const { sim } = world;
  const memory = watchMemory(() => world.gate);
  try {
    sim.holdWebhooks();
    const heads = Array.from({ length: pulls }, (_, n) =>
      sim.openPull({
        repo,
        author: "ada",
        head: `storm-${n}`,
        title: "first",
        files: { [`src/f${n}.ts`]: "1\n" },
      }),
    );
    for (let round = 1; round <= edits; round++)
      for (const [n, { number }] of heads.entries())
        sim.editPull({
          repo,
          number,
          title: round === edits ? `feat: ${n}` : `round ${round} of ${n}`,
          by: "ada",
        });
    const sent = (): Sent => sim.deliveries.filter((delivery) => !delivery.redelivery);
    sim.webhook({ concurrency: 50 });
    const from = performance.now();
    sim.releaseWebhooks();
    const arriving = nowAndThen(() => answered(sent()));
    await until("half of the deliveries", () => arriving() >= (pulls * (edits + 3)) / 2, 600_000);
    const half = performance.now() - from;
    await world.gate.kill("SIGKILL");
    await until("deliveries in vain", () => failed(sent()) >= inVain);
    sim.holdWebhooks();
    const again = performance.now();
    world.gate = await startProcess(sim, world.site, world.process);
    sim.releaseWebhooks();
    await sim.settled();
    const guids = new Set(sent().map((delivery) => delivery.guid));
    const heard = sim.deliveries.length;
    const lost = async (): Promise<number> => {
      const here = await stored(world);
      return [...guids].filter((guid) => !here.has(guid)).length;
    };
    const giveUpAt = performance.now() + 600_000;
    while ((await lost()) > 0 && performance.now() < giveUpAt) await sleep(500);
    const isGreen = (): number =>
      new Set(
        gateRuns(sim)
          .filter((run) => run.conclusion === "success")
          .map((run) => run.headSha),
      ).size;
    const greening = nowAndThen(isGreen);
    await until("every answer", () => greening() === pulls, 600_000).catch(() => undefined);
    const converged = performance.now() - again;
    const missing = await lost();
    const without = pulls - isGreen();
    const doubled = gateRuns(sim).length - new Set(gateRuns(sim).map((run) => run.headSha)).size;
    const highest = memory.highest() / 1e6;
    return [
      {
        name: `${guids.size} deliveries for ${pulls} pull requests through a kill -9`,
        budget: "none lost",
        measured: `${missing} lost (${sim.deliveries.length - guids.size} sent again, ${heard} tries), ${without} without their answer, ${doubled} doubled`,
        kept: missing === 0 && without === 0 && doubled === 0,
      },
      {
        name: "from the start after the kill until all is right",
        budget: "< 5 min",
        measured: `${seconds(converged)} (half of the deliveries took ${seconds(half)})`,
        kept: converged < 300_000,
      },
      {
        name: "memory, at most",
        budget: "< 250 MB",
        measured: `${Math.round(highest)} MB`,
        kept: highest < 250,
      },
    ];
  } finally {
    memory.stop();
    await world.close();
  }
}
