import { createHmac, randomUUID } from "node:crypto";
import { loadavg } from "node:os";
import { join } from "node:path";
import { clientOf } from "../packages/github-simulator/src/world/user-authorization.ts";
import { startProcess } from "../test/support/gate-process.ts";
import { BrowserLike } from "../test/web/browser-like.ts";
import { addHistory } from "./pages-history.ts";
import { ms, percentile, seconds, type Row } from "./row.ts";
import { appId, entry, memoryOf, openWorld, processorMs, quiet, repo, until } from "./world.ts";

const repositories = 5_000;
const busy = 100;
const pullsEach = 2;
const history = { decisions: 100_000, deployments: 10_000, changes: 20_000 };
const openPages = 20;

const policy = `
version: 1
rules:
  - name: reviewed
    require: { reviews: { approvals: 1 } }
  - name: tested
    require: { checks: { names: [unit] } }
  - name: release
    when: { environments: [production] }
    require: { approvals: { count: 1 } }
`;

interface Answered {
  readonly firstByteMs: number;
  readonly wholeMs: number;
  readonly bytes: number;
  readonly text: string;
}

async function ask(browser: BrowserLike, path: string): Promise<Answered> {
  const from = performance.now();
  const answer = await browser.request(path);
  const reader = answer.body?.getReader();
  const first = await reader?.read();
  const firstByteMs = performance.now() - from;
  const pieces: Uint8Array[] = first?.value === undefined ? [] : [first.value];
  for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read())
    pieces.push(piece.value);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
  const whole = Buffer.concat(pieces);
  return {
    firstByteMs,
    wholeMs: performance.now() - from,
    bytes: whole.length,
    text: whole.toString("utf8"),
  };
}

/** Pages over a year of a large organisation: first bytes, the report, memory, and deliveries while pages are open. */
export async function run(): Promise<readonly Row[]> {
  const world = await openWorld(policy);
  const { sim, site } = world;
  const client = clientOf(appId);
  const env = { CLIENT_ID: client.id, CLIENT_SECRET: client.secret };
  try {
    sim.deliveryFault({ suppress: true });
    sim.repo({ name: "acme/.github", files: { ".github/gatehouse.yml": policy } });
    const names = Array.from({ length: repositories - 2 }, (_, n) => `acme/r${n}`);
    for (const name of names) sim.repo({ name, files: { "a.txt": "1\n" } });
    const pulls = names.slice(0, busy).flatMap((name) =>
      Array.from({ length: pullsEach }, (_, n) => ({
        name,
        ...sim.openPull({ repo: name, author: "ada", head: `b${n}`, files: { "a.txt": `${n}\n` } }),
      })),
    );
    const runOf = (name: string, sha: string) =>
      [...(sim.world.repos.get(sim.world.repoNames.get(name) ?? 0)?.checkRuns.values() ?? [])].find(
        (one) => one.appId === appId && one.headSha === sha && one.name === "gatehouse",
      );
    sim.clearDeliveryFaults();
    await world.gate.kill("SIGKILL");
    world.gate = await startProcess(sim, site, { appId, entry });
    await until(
      "200 pull requests to wait",
      () => pulls.every(({ name, headSha }) => runOf(name, headSha) !== undefined),
      900_000,
    );
    sim.environment({ repo, name: "production", gate: true });
    sim.deploy({ repo, environment: "production", actor: "ada" });
    await quiet(sim, 5_000);
    await world.gate.kill("SIGTERM");
    addHistory(join(site.folder, "gatehouse.db"), history);

    world.gate = await startProcess(sim, site, { appId, entry, env });
    // The first look at everything goes on for longer; pages are read meanwhile, as they are in life.
    await new Promise((resolve) => setTimeout(resolve, 30_000));
    const { pid } = world.gate;
    const before = memoryOf(pid);

    const browser = new BrowserLike(world.gate.url);
    await browser.signIn("ada");
    const cold = await ask(browser, "/");
    const listed = (cold.text.match(/href="\/decisions\//g) ?? []).length;
    const timed = async (path: () => string, times: number) => {
      const cpu = processorMs(pid);
      const answers: number[] = [];
      for (let n = 0; n < times; n += 1) answers.push((await ask(browser, path())).firstByteMs);
      return {
        p95: percentile(answers, 0.95),
        p50: percentile(answers, 0.5),
        cpu: (processorMs(pid) - cpu) / times,
      };
    };
    const dashboard = await timed(() => "/", 60);
    let turn = 0;
    const decision = await timed(() => {
      const { name, number } = pulls[(turn += 1) % pulls.length] ?? { name: "", number: 0 };
      return `/decisions/pr:${sim.world.repoNames.get(name) ?? 0}:${number}`;
    }, 100);
    const afterPages = memoryOf(pid);

    const reportCpu = processorMs(pid);
    const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
    const period = `from=${day(Date.now() - 365 * 24 * 3_600_000)}&to=${day(Date.now())}`;
    const csv = await ask(browser, `/api/v1/report?${period}&format=csv`);
    const csvCpu = processorMs(pid) - reportCpu;
    const page = await ask(browser, `/report?${period}`);

    const alone = await deliver(world.gate.url, site.secret, sim);
    const live = await Promise.all(
      Array.from({ length: openPages }, async () => {
        const abort = new AbortController();
        const answer = await browser.request("/live", { signal: abort.signal });
        return { abort, answer };
      }),
    );
    const acknowledged = await deliver(world.gate.url, site.secret, sim);
    const { load } = acknowledged;
    for (const { abort, answer } of live) {
      abort.abort();
      await answer.body?.cancel().catch(() => undefined);
    }
    const first = (name: string, { p95, p50, cpu }: typeof dashboard): Row => ({
      name: `${name}, first byte p95`,
      budget: "< 100 ms",
      measured: `${ms(p95)} (p50 ${ms(p50)}, ${ms(cpu)} of processor each, load ${load})`,
      kept: p95 < 100,
    });
    const grown = (afterPages - before) / 1e6;
    return [
      first(`dashboard with ${listed} waiting in ${repositories} repositories`, dashboard),
      first(`a decision of ${history.decisions}`, decision),
      {
        name: `dashboard, the first time (asks GitHub what ${repositories} repositories one may read)`,
        budget: "none",
        measured: ms(cold.firstByteMs),
        kept: null,
      },
      {
        name: `report over the year as CSV (${Math.round(csv.bytes / 1000)} kB), whole`,
        budget: "< 3 s",
        measured: `${seconds(csv.wholeMs)} (first byte ${seconds(csv.firstByteMs)}, ${seconds(csvCpu)} of processor)`,
        kept: csv.wholeMs < 3_000,
      },
      {
        name: "report over the year as a page, whole",
        budget: "< 3 s",
        measured: seconds(page.wholeMs),
        kept: page.wholeMs < 3_000,
      },
      {
        name: "memory that dashboards and decisions add",
        budget: "< 40 MB",
        measured: `${grown.toFixed(0)} MB (${Math.round(before / 1e6)} before)`,
        kept: grown < 40,
      },
      {
        name: `acknowledge at 50 deliveries/s while ${openPages} hold pages open, p99`,
        budget: "< 50 ms",
        measured: `${ms(acknowledged.p99)} (${ms(alone.p99)} without them, load ${load})`,
        kept: acknowledged.p99 < 50,
      },
    ];
  } finally {
    await world.close();
  }
}

/** Deliveries that change nothing, for five seconds. */
async function deliver(
  url: string,
  secret: string,
  sim: Awaited<ReturnType<typeof openWorld>>["sim"],
): Promise<{ readonly p99: number; readonly load: string }> {
  const sample = sim.deliveries.find(({ event }) => event === "deployment_protection_rule");
  const body = JSON.stringify({ ...(sample?.payload as object), padding: "x".repeat(20_000) });
  const times: number[] = [];
  const waiting: Promise<void>[] = [];
  const from = performance.now();
  for (let n = 0; n < 250; n += 1) {
    const pause = from + n * 20 - performance.now();
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    const sent = performance.now();
    waiting.push(
      fetch(`${url}/api/github/webhooks`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          // An event that nobody listens to: what is measured is the endpoint.
          "x-github-event": "star",
          "x-github-delivery": randomUUID(),
          "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
        },
        body,
      }).then(async (answer) => {
        await answer.arrayBuffer();
        if (answer.status < 300) times.push(performance.now() - sent);
      }),
    );
  }
  await Promise.all(waiting);
  if (times.length < 250) throw new Error(`${250 - times.length} deliveries were not taken`);
  return { p99: percentile(times, 0.99), load: (loadavg()[0] ?? 0).toFixed(1) };
}
