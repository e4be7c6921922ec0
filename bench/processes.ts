import { startBalancer, type Balancer } from "../test/support/balancer.ts";
import { startProcess, type GateProcess } from "../test/support/gate-process.ts";
import { seconds, type Row } from "./row.ts";
import { newDatabaseUrl, storeKind } from "./store.ts";
import { appId, entry, gateRuns, openWorld, repo, until, type BenchWorld } from "./world.ts";

const policy = `
version: 1
rules:
  - name: reviewed
    require: { reviews: { approvals: 1 } }
`;

/*
 * What a second process brings is measured where the wait for GitHub is the limit, as it is in production: two workers a
 * process, and a second for each of the two calls that a pull request takes. With GitHub's usual 80 ms the processor
 * would be the limit, and there are two cores here for two processes, the simulated GitHub in this process and
 * PostgreSQL: a second process would find nothing left, which says nothing of a second machine. So a process uses a small
 * part of a core, and what is left to be seen is what keeps two from working side by side: leases, routing by one at
 * a time, the head of the audit log, rows that both want. Both have judged before the clock starts, for a token and a
 * policy cost a process some seconds once.
 */
const pulls = 60;
const workers = 2;
const env = { GITHUB_LIMITS: "off", WORKERS: String(workers) };
const latencyMs = 1_000;

interface Several extends BenchWorld {
  readonly gates: GateProcess[];
}

async function openSeveral(count: number): Promise<Several> {
  const url = await newDatabaseUrl();
  if (url === undefined) throw new Error("only PostgreSQL carries several processes");
  const more = { DATABASE_URL: url, ...env };
  const world = await openWorld(policy, { latencyMs, process: { env: more } });
  const gates = [world.gate];
  while (gates.length < count)
    gates.push(
      await startProcess(world.sim, world.site, {
        ...{ appId, entry, takesDeliveries: false },
        env: more,
      }),
    );
  const balancer: Balancer = await startBalancer(() => gates.map((gate) => gate.url));
  world.sim.webhook({ url: `${balancer.url}/api/github/webhooks`, concurrency: 20 });
  return {
    ...world,
    gates,
    close: async () => {
      await Promise.all(gates.map((gate) => gate.kill("SIGKILL")));
      balancer.stop();
      await world.close();
    },
  };
}

function openPulls({ sim }: BenchWorld): ReadonlySet<string> {
  sim.holdWebhooks();
  return new Set(
    Array.from(
      { length: pulls },
      (_, n) =>
        sim.openPull({
          ...{ repo, author: "ada", head: `many-${n}` },
          files: { [`src/f${n}.ts`]: "1\n" },
        }).headSha,
    ),
  );
}

const judged = ({ sim }: BenchWorld, heads: ReadonlySet<string>): number =>
  new Set(
    gateRuns(sim)
      .map(({ headSha }) => headSha)
      .filter((sha) => heads.has(sha)),
  ).size;

/** Until each process has judged: more at once than one of them takes. */
async function warm({ sim, gates }: Several): Promise<void> {
  const areWarm = (): boolean => gates.every((gate) => gate.output().includes('"msg":"decision"'));
  for (let round = 0; round < 10 && !areWarm(); round += 1) {
    const before = gateRuns(sim).length;
    const some = workers * gates.length;
    for (let n = 0; n < some; n += 1) {
      const head = `warm-${round}-${n}`;
      sim.openPull({ repo, author: "ada", head, files: { [`src/${head}.ts`]: "1\n" } });
    }
    await until("the first check runs", () => gateRuns(sim).length === before + some);
  }
  if (!areWarm()) throw new Error("one process takes no work");
  await sim.settled();
}

async function timeFor(count: number): Promise<number> {
  const world = await openSeveral(count);
  try {
    await warm(world);
    const heads = openPulls(world);
    const from = performance.now();
    world.sim.releaseWebhooks();
    await until("all check runs", () => judged(world, heads) === pulls, 600_000);
    return performance.now() - from;
  } finally {
    await world.close();
  }
}

/** One of two processes is killed while it works; from then until the other says that it takes over, and until all is right. */
async function takeover(): Promise<Row> {
  const world = await openSeveral(2);
  const [first, second] = world.gates;
  if (first === undefined || second === undefined) throw new Error("two were started");
  try {
    await warm(world);
    const heads = openPulls(world);
    world.sim.releaseWebhooks();
    await until("a third of the check runs", () => judged(world, heads) > pulls / 3);
    const said = second.output().length;
    const from = performance.now();
    await first.kill("SIGKILL");
    world.gates.splice(0, 1);
    const took = await until("the other to take over", () =>
      second.output().slice(said).includes("another process has ended"),
    );
    await until("all check runs", () => judged(world, heads) === pulls, 600_000);
    const doubled = gateRuns(world.sim).filter(({ headSha }) => heads.has(headSha)).length - pulls;
    return {
      name: "after a kill -9 the other process takes over",
      budget: "< 5 s, nothing lost or doubled",
      measured: `${seconds(took)}, all ${pulls} answers ${seconds(performance.now() - from)} after it, ${doubled} doubled`,
      kept: took < 5_000 && doubled === 0,
    };
  } finally {
    await world.close();
  }
}

/** What a second process over the same PostgreSQL brings, and what it saves. */
export async function run(): Promise<readonly Row[]> {
  if (storeKind() === "file") return [];
  const one = await timeFor(1);
  const two = await timeFor(2);
  return [
    {
      name: `${pulls} pull requests, ${env.WORKERS} workers a process, ${latencyMs} ms latency: two processes against one`,
      budget: "≥ 1.7 ×",
      measured: `${(one / two).toFixed(2)} × (${seconds(one)}, ${seconds(two)})`,
      kept: one / two >= 1.7,
    },
    await takeover(),
  ];
}
