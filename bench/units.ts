import { readFileSync } from "node:fs";
import { rowsIn } from "../test/e2e/rows-in.ts";
import { ms, type Row } from "./row.ts";
import { bytesIn, bytesLogged } from "./store.ts";
import { countedCalls, gateRuns, memoryOf, openWorld, quiet, repo, until } from "./world.ts";

const policy = `
version: 1
rules:
  - name: reviewed
    require: { reviews: { approvals: 1 } }
  - name: tested
    require: { checks: { names: [unit, lint], app: ci } }
  - name: worded
    require: { title: { pattern: "^feat: " } }
`;

const pulls = 100;
const atOnce = 10;
const kB = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

/** Processor time of a process so far, ms (Linux counts hundredths of a second). */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/**
 * What one pull request's life costs: opened, its checks begin and end, a label, a review, a push, checks again, merged.
 * `docs/scale.md` carries these to larger numbers.
 */
export async function run(): Promise<readonly Row[]> {
  const world = await openWorld(policy, { process: { env: { GITHUB_LIMITS: "off" } } });
  const { sim, gate, databaseUrl } = world;
  sim.webhook({ concurrency: 20 });
  const count = async (table: string): Promise<number> =>
    Number(
      (await rowsIn<{ readonly n: number }>(databaseUrl, `select count(*) as n from ${table}`))[0]
        ?.n,
    );
  try {
    sim.openPull({ repo, author: "ada", head: "warm", files: { "src/warm.ts": "1\n" } });
    await until("the first check run", () => gateRuns(sim).length === 1);
    await quiet(sim);
    sim.resetCalls();
    const before = {
      cpu: processorMs(gate.pid),
      bytes: await bytesIn(databaseUrl),
      log: await bytesLogged(databaseUrl),
      deliveries: await count("inbox"),
      decisions: await count("decisions"),
      audit: await count("audit_log"),
    };
    const greens = (): number =>
      gateRuns(sim).filter(({ conclusion }) => conclusion === "success").length;
    const checks = (sha: string): void => {
      for (const status of ["in_progress", "completed"] as const)
        for (const name of ["unit", "lint"])
          sim.checkRun({
            ...{ repo, sha, name, app: "ci", status },
            ...(status === "completed" ? { conclusion: "success" } : {}),
          });
    };
    for (let n = 0; n < pulls; n += 1) {
      const head = `life-${n}`;
      const { number, headSha } = sim.openPull({
        ...{ repo, author: "ada", head, title: `feat: ${n}` },
        files: { [`src/f${n}.ts`]: "1\n" },
      });
      checks(headSha);
      sim.label({ repo, number, label: "docs", by: "ada" });
      const { sha } = sim.commit({
        ...{ repo, branch: head, author: "ada" },
        files: { [`src/f${n}.ts`]: "2\n" },
      });
      checks(sha);
      sim.review({ repo, number, by: "bob", state: "approve" });
      if (n % atOnce === atOnce - 1) await until("their greens", () => greens() > n, 300_000);
    }
    await quiet(sim, 3_000);
    const deliveries = (await count("inbox")) - before.deliveries;
    const decisions = (await count("decisions")) - before.decisions;
    const audit = (await count("audit_log")) - before.audit;
    const calls = countedCalls(sim);
    const writes = calls.filter(({ method, path }) => method !== "GET" && path !== "/graphql");
    const bytes = (await bytesIn(databaseUrl)) - before.bytes;
    const log = await bytesLogged(databaseUrl);
    const cpu = processorMs(gate.pid) - before.cpu;
    const each = (total: number): string => (total / pulls).toFixed(1);
    const row = (name: string, measured: string, values: Row["values"] = {}): Row => ({
      values,
      name,
      budget: "–",
      measured,
      kept: null,
    });
    return [
      row(
        "a pull request opened, checked, labelled, pushed, checked, approved",
        `${each(deliveries)} deliveries, ${each(decisions)} decisions, ${each(audit)} audit records, ${greens()} of ${pulls} green`,
        { deliveries: deliveries / pulls, auditRecords: audit / pulls },
      ),
      row(
        "calls to GitHub for each",
        `${each(calls.length)}, of them ${each(writes.length)} writes`,
        { calls: calls.length / pulls, writes: writes.length / pulls },
      ),
      row("processor time for each", `${ms(cpu / pulls)} (${ms(cpu / deliveries)} a delivery)`, {
        processorMs: cpu / pulls,
      }),
      row(
        "database for each",
        `${kB(bytes / pulls)} on disk${log === undefined || before.log === undefined ? "" : `, ${kB((log - before.log) / pulls)} of write-ahead log`}`,
        {
          diskBytes: bytes / pulls,
          ...(log === undefined || before.log === undefined
            ? {}
            : { logBytes: (log - before.log) / pulls }),
        },
      ),
      row("memory meanwhile", `${Math.round(memoryOf(gate.pid) / 1e6)} MB`),
    ];
  } finally {
    await world.close();
  }
}
