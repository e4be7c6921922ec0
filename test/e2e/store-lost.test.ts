import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, renameSync, rmSync, statSync } from "node:fs";
import Database from "libsql";
import { afterEach, describe, expect, it } from "vitest";
import { Simulator } from "@gatehouse/github-simulator";
import { newSite, startProcess, type GateProcess, type Site } from "../support/gate-process.ts";
import { until } from "./harness.ts";
import { send } from "./send.ts";
import { settlesWithinMs, workIn } from "./skipped-waits.ts";

let ends: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.toReversed()) await end();
  ends = [];
});

interface Running {
  readonly gate: GateProcess;
  readonly site: Site;
  readonly file: string;
  readonly put: (size?: number) => Promise<number>;
  readonly ready: () => Promise<{ status: number; body: Record<string, unknown> }>;
  readonly storeUp: () => Promise<string | undefined>;
}

/** The real process over a file of its own. */
async function start(): Promise<Running> {
  const site = newSite();
  const sim = await Simulator.start({
    appId: 7,
    publicKeyPem: site.publicKey,
    webhookSecret: site.secret,
  });
  const gate = await startProcess(sim, site);
  ends.push(
    () => site.remove(),
    () => sim.stop(),
    async () => void (await gate.kill("SIGKILL")),
  );
  const running: Running = {
    gate,
    site,
    file: `${site.folder}/gatehouse.db`,
    put: (size = 0) =>
      send({
        url: gate.url,
        secret: site.secret,
        event: "issues",
        payload: { at: Math.random(), text: "x".repeat(size) },
      }),
    ready: async () => {
      const answer = await fetch(`${gate.url}/readyz`);
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
    storeUp: async () =>
      /^gatehouse_store_up (\d)$/m.exec(await (await fetch(`${gate.url}/metrics`)).text())?.[1],
  };
  await until("readiness", running.ready, ({ status }) => status === 200);
  expect(await running.put()).toBe(202);
  // Work that is under way when its store goes is put off with a line of its own; these tests are about an idle gate.
  await until(
    "an idle gate",
    () => workIn(`file:${running.file}`),
    ({ running: underWay, nextDue }) => underWay === 0 && nextDue > Date.now() + settlesWithinMs,
  );
  return running;
}

describe.runIf(process.platform !== "win32")("F20: a database whose file is gone", () => {
  const all = ["", "-wal", "-shm"];
  it.each<readonly [string, (file: string) => void]>([
    ["deleted", (file) => all.forEach((end) => rmSync(`${file}${end}`, { force: true }))],
    ["moved away", (file) => renameSync(file, `${file}.old`)],
    [
      "replaced by another",
      (file) => {
        all.forEach((end) => rmSync(`${file}${end}`, { force: true }));
        const other = new Database(file);
        other.exec("create table t (x)");
        other.close();
      },
    ],
    [
      "replaced by its own copy",
      (file) => {
        copyFileSync(file, `${file}.copy`);
        renameSync(`${file}.copy`, file);
      },
    ],
    ["deprived of its log", (file) => rmSync(`${file}-wal`)],
  ])("(%s) takes no delivery and says so once", async (_how, act) => {
    const { gate, file, put, ready, storeUp } = await start();
    act(file);
    expect(await put()).toBe(503);
    const seen = await ready();
    expect(seen.status).toBe(503);
    expect(seen.body["remedy"]).toMatch(/deleted or replaced.*put it or a backup back/);
    expect(JSON.stringify(seen.body)).not.toContain(file);
    expect(await storeUp()).toBe("0");
    for (let n = 0; n < 3; n += 1) expect(await put()).toBe(503);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const said = gate
      .output()
      .split("\n")
      .filter((line) => /"level":"(?:warn|error|fatal)"/.test(line));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(
      /was deleted or replaced.*Stop gatehouse, put .* back, and start again/,
    );
  });

  it("and is put back in its place takes deliveries again", async () => {
    const { file, put, ready } = await start();
    renameSync(file, `${file}.away`);
    await until("the loss", ready, ({ status }) => status === 503);
    renameSync(`${file}.away`, file);
    expect(await put()).toBe(202);
    expect((await ready()).status).toBe(200);
  });
});

const canLimit = process.platform === "linux" && spawnSync("prlimit", ["--version"]).status === 0;

describe.runIf(canLimit)("F20: a full disk", () => {
  it("shows before and after deliveries are refused, until there is room again", async () => {
    const { gate, file, put, ready, storeUp } = await start();
    const limit = (bytes: string): Buffer =>
      execFileSync("prlimit", ["--pid", String(gate.pid), `--fsize=${bytes}:`]);
    expect(existsSync(`${file}-wal`)).toBe(true);
    // Space that the database has already holds small writes: what a question writes shows nothing.
    limit(String(statSync(`${file}-wal`).size + 16 * 1024));
    await until(
      "refusal",
      () => put(200_000),
      (status) => status === 503,
    );
    const seen = await ready();
    expect(seen).toMatchObject({ status: 503, body: { status: "unavailable" } });
    expect(seen.body["remedy"]).toMatch(/full/);
    expect(await storeUp()).toBe("0");
    limit("unlimited");
    await until("readiness", ready, ({ status }) => status === 200);
    expect(await put(200_000)).toBe(202);
    expect(await storeUp()).toBe("1");
  });
});
