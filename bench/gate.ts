import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { makeToken } from "#flow/sign-in/api-tokens.ts";
import { openStore } from "#io/database/store/open-store.ts";
import { ms, percentile, type Row } from "./row.ts";
import { memoryOf, openWorld, repo, type BenchWorld } from "./world.ts";

const policy = `version: 1
rules:
  - { name: open, when: { environments: [free] }, require: { not_frozen: true } }
  - { name: tested, when: { environments: ["held-*"] }, require: { checks: { names: [unit], app: ci } } }
`;
const environments = 25;

async function tokenOf(world: BenchWorld, name: string): Promise<string> {
  const store = await openStore({ url: `file:${world.site.folder}/gatehouse.db` });
  const { token } = await makeToken(
    store.tokens,
    { now: Date.now },
    {
      purpose: "api",
      name,
      repositories: [repo],
      environments: [],
      createdBy: "bench",
      lastsMs: 3_600_000,
    },
  );
  await store.close();
  return token;
}

async function ask(
  { gate }: BenchWorld,
  token: string,
  sha: string,
  environment: string,
  wait = 0,
  signal: AbortSignal | null = null,
): Promise<string> {
  const response = await fetch(`${gate.url}/api/v1/gate?wait=${wait}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ repository: repo, sha, environment }),
    signal,
  });
  const { decision } = (await response.json()) as { readonly decision?: string };
  return decision ?? String(response.status);
}

const ticksASecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** Processor time of a process so far, in seconds (Linux). */
function processorTime(pid: number): number {
  const after = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1] ?? "";
  const [, , , , , , , , , , , user = "0", system = "0"] = after.split(" ");
  return (Number(user) + Number(system)) / ticksASecond;
}

const rest = (forMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, forMs));

/** The share of a processor that it takes while nothing happens: in the quietest of six times ten seconds. */
async function quietest(pid: number): Promise<number> {
  const shares: number[] = [];
  for (let n = 0; n < 6; n += 1) {
    const from = processorTime(pid);
    await rest(10_000);
    shares.push((processorTime(pid) - from) / 10);
  }
  return Math.min(...shares);
}

/** Callers that stay, over as many environments as there are; answers how to let them go. */
function hold(world: BenchWorld, tokens: readonly string[], sha: string, callers: number) {
  const end = new AbortController();
  const held = Array.from({ length: callers }, (_, n) =>
    ask(
      world,
      tokens[n % tokens.length] ?? "",
      sha,
      `held-${n % environments}`,
      600,
      end.signal,
    ).catch(() => "let go"),
  );
  return async (): Promise<void> => {
    end.abort();
    await Promise.all(held);
  };
}

async function rows(world: BenchWorld, sha: string): Promise<readonly Row[]> {
  const tokens = [
    await tokenOf(world, "one"),
    await tokenOf(world, "two"),
    await tokenOf(world, "three"),
  ];
  const [token = ""] = tokens;
  for (let n = 0; n < 5; n += 1) await ask(world, token, sha, "free");
  const times: number[] = [];
  const questionsFrom = processorTime(world.gate.pid);
  for (let n = 0; n < 50; n += 1) {
    const from = performance.now();
    await ask(world, token, sha, "free");
    times.push(performance.now() - from);
  }
  const each = ((processorTime(world.gate.pid) - questionsFrom) * 1_000) / times.length;
  for (let n = 0; n < environments; n += 1) await ask(world, token, sha, `held-${n}`);

  const before = memoryOf(world.gate.pid);
  const letGo = hold(world, tokens, sha, 100);
  await rest(5_000);
  const megabytes = (memoryOf(world.gate.pid) - before) / 1e6;
  await letGo();

  const idle = await quietest(world.gate.pid);
  const letAllGo = hold(world, tokens, sha, 500);
  const share = (await quietest(world.gate.pid)) - idle;
  await letAllGo();
  return [
    {
      name: "a question asked and answered, warm",
      budget: "p50 < 50 ms",
      measured: `p50 ${ms(percentile(times, 0.5))}, p95 ${ms(percentile(times, 0.95))}, processor ${ms(each)}`,
      kept: percentile(times, 0.5) < 50,
    },
    {
      name: "100 held callers",
      budget: "< 20 MB",
      measured: `${megabytes.toFixed(1)} MB`,
      kept: megabytes < 20,
    },
    {
      name: "500 held callers, one process over its store, processor time beyond an idle one's",
      budget: "none",
      measured: `${(share * 100).toFixed(1)} %`,
      kept: null,
    },
  ];
}

/** Deployers outside Actions' environments: what a question costs, and what it costs to hold its caller. */
export async function run(): Promise<readonly Row[]> {
  const world = await openWorld(policy);
  try {
    const { sha } = world.sim.commit({ repo, files: { "src/b.ts": "1\n" }, author: "ada" });
    return await rows(world, sha);
  } finally {
    await world.close();
  }
}
