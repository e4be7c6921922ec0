import { memoryOf, gateRuns, openWorld, repo, until } from "./world.ts";
import { seconds, type Row } from "./row.ts";

const policy = `
version: 1
rules:
  - name: reviewed
    require: { reviews: { approvals: 1 } }
`;

const pulls = 200;

/** 200 pull requests at once, at 80 ms API latency: seconds until each has its check run. */
async function burst(limits: "on" | "off"): Promise<Row> {
  const world = await openWorld(policy, {
    latencyMs: 80,
    process: { env: { GITHUB_LIMITS: limits, WORKERS: "50" } },
  });
  const { sim } = world;
  sim.webhook({ concurrency: 50 });
  try {
    sim.openPull({ repo, author: "ada", head: "warm", files: { "src/warm.ts": "1\n" } });
    await until("the first check run", () => gateRuns(sim).length === 1);
    sim.holdWebhooks();
    const heads = new Set(
      Array.from(
        { length: pulls },
        (_, n) =>
          sim.openPull({
            repo,
            author: "ada",
            head: `burst-${n}`,
            files: { [`src/f${n}.ts`]: "1\n" },
          }).headSha,
      ),
    );
    sim.resetCalls();
    const from = performance.now();
    sim.releaseWebhooks();
    await until(
      "all check runs",
      () =>
        new Set(
          gateRuns(sim)
            .map((run) => run.headSha)
            .filter((sha) => heads.has(sha)),
        ).size === pulls,
      600_000,
    );
    const took = performance.now() - from;
    const made = gateRuns(sim).filter((run) => heads.has(run.headSha)).length;
    const refused = sim.calls.filter((call) => call.status === 403 || call.status === 429).length;
    return {
      name: `${pulls} pull requests at once, limiter ${limits}`,
      budget: limits === "off" ? "< 3 s" : "none lost, within GitHub's limits",
      measured: `${seconds(took)}, ${made} check runs, ${refused} refusals, ${Math.round(memoryOf(world.gate.pid) / 1e6)} MB`,
      kept: made === pulls && (limits === "on" || took < 3000),
    };
  } finally {
    await world.close();
  }
}

export async function run(): Promise<readonly Row[]> {
  return [await burst("off"), await burst("on")];
}
