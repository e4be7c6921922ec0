import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Simulator, type SimulatorOptions } from "@gatehouse/github-simulator";
import {
  newSite,
  startProcess,
  type GateProcess,
  type ProcessOptions,
  type Site,
} from "../test/support/gate-process.ts";

import { letGo } from "../test/e2e/rows-in.ts";
import { newDatabaseUrl } from "./store.ts";

/** The built product: what is measured is what is run. */
export const entry = fileURLToPath(new URL("../dist/main.js", import.meta.url));

export const appId = 7;
export const repo = "acme/shop";

/** A simulated GitHub and the real process, each of its own. */
export interface BenchWorld {
  readonly sim: Simulator;
  readonly site: Site;
  gate: GateProcess;
  readonly databaseUrl: string;
  /** As it was started, to start it again over the same database. */
  readonly process: ProcessOptions;
  readonly close: () => Promise<void>;
}

export async function openWorld(
  policy: string,
  options: {
    readonly latencyMs?: number;
    readonly simulator?: Partial<SimulatorOptions>;
    readonly process?: ProcessOptions;
  } = {},
): Promise<BenchWorld> {
  const site = newSite();
  const sim = await Simulator.start({
    appId,
    publicKeyPem: site.publicKey,
    webhookSecret: site.secret,
    ...options.simulator,
  });
  sim.org({ login: "acme", members: ["ada", "bob"] });
  sim.repo({ name: repo, files: { ".github/gatehouse.yml": policy, "src/a.ts": "1\n" } });
  sim.collaborator({ repo, login: "bob", role: "write" });
  sim.setLatency(options.latencyMs ?? 0);
  const asked = options.process?.env?.["DATABASE_URL"] ?? (await newDatabaseUrl());
  const databaseUrl = asked ?? `file:${join(site.folder, "gatehouse.db")}`;
  const process: ProcessOptions = {
    ...{ appId, entry },
    ...options.process,
    env: { ...options.process?.env, DATABASE_URL: databaseUrl },
  };
  const gate = await startProcess(sim, site, process);
  const world: BenchWorld = {
    sim,
    site,
    gate,
    databaseUrl,
    process,
    close: async () => {
      await world.gate.kill("SIGKILL");
      await letGo(databaseUrl);
      await sim.stop();
      site.remove();
    },
  };
  return world;
}

interface Seen {
  readonly name: string;
  readonly headSha: string;
  readonly status: string;
  readonly conclusion: string | null;
}

/** Our check runs named `gatehouse`, by commit. */
export function gateRuns(sim: Simulator): readonly Seen[] {
  const id = sim.world.repoNames.get(repo);
  const repository = id === undefined ? undefined : sim.world.repos.get(id);
  return [...(repository?.checkRuns.values() ?? [])].filter(
    (run) => run.appId === appId && run.name === "gatehouse",
  );
}

export async function until(
  what: string,
  holds: () => boolean,
  withinMs = 120_000,
): Promise<number> {
  const from = performance.now();
  while (!holds()) {
    if (performance.now() - from > withinMs) throw new Error(`${what}: not within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return performance.now() - from;
}

/** Nothing more is asked of GitHub for a while: what was set off is through. */
export async function quiet(sim: Simulator, forMs = 1500): Promise<void> {
  let seen = -1;
  for (;;) {
    await sim.settled();
    if (sim.calls.length === seen) return;
    seen = sim.calls.length;
    await new Promise((resolve) => setTimeout(resolve, forMs));
  }
}

export const countedCalls = (sim: Simulator): readonly Simulator["calls"][number][] =>
  sim.calls.filter((call) => !call.isToken);

/** Resident memory of a process in bytes (Linux). */
export function memoryOf(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(line?.[1] ?? 0) * 1024;
}

/** Processor time that a process has used, ms (Linux: ticks of a hundredth of a second). */
export function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
