import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Simulator } from "@gatehouse/github-simulator";
import { scratchFolder } from "../test/support/scratch.ts";
import { seconds, type Row } from "./row.ts";
import { countedCalls, openWorld, quiet, repo, until } from "./world.ts";

const waiting = 100;
const watchedMs = 125_000;

const policy = `version: 1
rules:
  - name: healthy
    when: { environments: [production] }
    require: { health: { source: metrics, query: errors, is: "<= 0.01" } }
`;

const doors = (sim: Simulator): readonly string[] =>
  [...(sim.world.repos.get(sim.world.repoNames.get(repo) ?? 0)?.deployments.values() ?? [])].map(
    ({ gate }) => gate?.state ?? "ungated",
  );

/** A hundred deployments wait for one query whose value never stands still; then it turns good. */
export async function run(): Promise<readonly Row[]> {
  let value = 1;
  let asks = 0;
  const metrics = createServer((_request, response) => {
    asks += 1;
    value += value > 0.5 ? 0.001 : 0;
    response.end(
      JSON.stringify({
        status: "success",
        data: {
          resultType: "vector",
          result: [{ metric: {}, value: [Date.now() / 1_000, String(value)] }],
        },
      }),
    );
  });
  await new Promise<void>((resolve) => metrics.listen(0, "127.0.0.1", resolve));
  const { port } = metrics.address() as AddressInfo;
  const file = join(scratchFolder("gatehouse-bench-"), "sources.yml");
  writeFileSync(file, `metrics: { type: prometheus, url: "http://127.0.0.1:${port}" }\n`);
  const world = await openWorld(policy, { process: { env: { HEALTH_SOURCES: file } } });
  const { sim } = world;
  try {
    sim.environment({ repo, name: "production", gate: true });
    for (let n = 0; n < waiting; n += 1)
      sim.deploy({ repo, environment: "production", actor: "bob" });
    await quiet(sim, 5_000);
    sim.resetCalls();
    asks = 0;
    await new Promise((resolve) => setTimeout(resolve, watchedMs));
    const asked = asks;
    const calls = countedCalls(sim);
    const writes = calls.filter(({ method, path }) => method !== "GET" && path !== "/graphql");
    const early = doors(sim).filter((state) => state !== "waiting").length;
    value = 0;
    const tookMs = await until("every approval", () =>
      doors(sim).every((state) => state === "approved"),
    );
    return [
      {
        name: `${waiting} deployments wait for one health query that moves, ${Math.round(watchedMs / 1_000)} s`,
        budget: "a question a minute, no write to GitHub, none let through",
        measured: `${asked} questions, ${calls.length} calls, ${writes.length} writes, ${early} let through`,
        kept: asked <= 3 && writes.length === 0 && early === 0,
      },
      {
        name: `they open when it turns good`,
        budget: "< 75 s, of which up to 60 s until it is asked",
        measured: seconds(tookMs),
        kept: tookMs < 75_000,
      },
    ];
  } finally {
    await world.close();
    metrics.close();
  }
}
