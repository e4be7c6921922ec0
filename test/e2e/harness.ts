import { generateKeyPairSync, randomBytes } from "node:crypto";
import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startGatehouse, type RunningProcess } from "../../src/compose.ts";
import type { Patience } from "../../src/introduce.ts";
import type { Settings } from "../../src/env.ts";
import { Oracle } from "../oracle/oracle.ts";
import { Simulator, type SimulatorOptions } from "@gatehouse/github-simulator";
import { patience } from "../support/patience.ts";
import { scratchFolder } from "../support/scratch.ts";
import { newDatabaseOf } from "../support/postgres.ts";
import { letGo } from "./rows-in.ts";
import { movableTime, settlesWithinMs, skipWaits, workIn } from "./skipped-waits.ts";

const keys = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

export const appId = 7;

/** A gate beside a simulated GitHub, in this process or in others. */
export interface WatchedGate {
  readonly sim: Simulator;
  /** Judges every green and every approval by itself. */
  readonly oracle: Oracle;
  readonly settings: { readonly databaseUrl: string };
  /** The gate's clock, and how it is moved. */
  readonly now: () => number;
  readonly advance: (ms: number) => void;
  readonly restart: (graceMs?: number) => Promise<void>;
}

/** The gate in this process against a simulated GitHub of its own, over HTTP; a difference fails `calm` and `stop`. */
export interface Gatehouse extends WatchedGate {
  readonly gate: RunningProcess;
  readonly secret: string;
  readonly settings: Settings;
  /** `meanwhile` happens while no gate runs. */
  readonly restart: (graceMs?: number, meanwhile?: () => void) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface GatehouseOptions {
  readonly simulator?: Partial<SimulatorOptions>;
  readonly settings?: Partial<Settings>;
  readonly secrets?: readonly string[];
  readonly patience?: Patience;
  /** When the one clock of GitHub, the gate and the oracle begins; now if left out. It can be moved. */
  readonly startsAt?: number;
  /** GitHub's clock is so far ahead of ours. */
  readonly githubAheadMs?: number;
  /** While nothing is under way the clock jumps to what is due next, instead of each test sitting the wait out. */
  readonly skipsWaits?: boolean;
}

/** Boots both; every webhook of the simulator reaches the gate signed. */
export async function runGatehouse(options: GatehouseOptions = {}): Promise<Gatehouse> {
  const folder = scratchFolder("gatehouse-");
  const server = process.env["GATEHOUSE_TEST_STORE"];
  const secret = randomBytes(32).toString("hex");
  const time = movableTime(options.startsAt);
  const { now } = time;
  const oracle = new Oracle(now);
  const onExchange = options.simulator?.onExchange;
  const sim = await Simulator.start({
    appId,
    publicKeyPem: keys.publicKey,
    webhookSecret: secret,
    now: () => now() + (options.githubAheadMs ?? 0),
    ...options.simulator,
    onExchange: (exchange) => {
      oracle.see(exchange);
      onExchange?.(exchange);
    },
  });
  oracle.watch(sim);
  const settings: Settings = {
    host: "127.0.0.1",
    port: 0,
    databaseUrl:
      server === undefined ? `file:${join(folder, "gatehouse.db")}` : await newDatabaseOf(server),
    logLevel: "silent",
    workers: 8,
    keepInputsDays: 400,
    github: {
      apiUrl: `${sim.url}/api/v3`,
      graphqlUrl: `${sim.url}/api/graphql`,
      webUrl: sim.url,
      limits: "off",
    },
    metricsToken: null,
    trustedRoots: null,
    tracing: false,
    anchor: null,
    healthSources: [],
    web: { publicUrl: null, trustedProxies: [], client: null },
    app: { appId, privateKey: keys.privateKey, webhookSecrets: options.secrets ?? [secret] },
    ...options.settings,
  };
  const boot = async (): Promise<RunningProcess> => {
    const gate = await startGatehouse(
      settings,
      settings.app ?? { appId, privateKey: keys.privateKey, webhookSecrets: [secret] },
      { clock: time, ...options.patience },
    );
    sim.webhook({ url: `${gate.url}/api/github/webhooks` });
    return gate;
  };
  let gate = await boot();
  const skipping =
    options.skipsWaits === true
      ? skipWaits({ sim, time, databaseUrl: settings.databaseUrl })
      : undefined;
  return {
    sim,
    secret,
    oracle,
    settings,
    get gate() {
      return gate;
    },
    now,
    advance: (ms) => {
      time.move(ms);
      sim.advance(0);
    },
    restart: async (graceMs = 5000, meanwhile = () => undefined) => {
      await gate.stop(graceMs);
      meanwhile();
      gate = await boot();
    },
    stop: async () => {
      await corrected(oracle);
      skipping?.stop();
      await gate.stop(3000);
      await letGo(settings.databaseUrl);
      await sim.stop();
      rmSync(folder, { recursive: true, force: true });
      tallied(oracle);
      agrees(oracle);
    },
  };
}

/** Gives the gate a moment to take back what the world overtook on its way; what still stands is a difference. */
async function corrected(oracle: Oracle): Promise<void> {
  await until(
    "greens that stand",
    () => oracle.standing(),
    (standing) => standing.length === 0,
    10_000,
  ).catch(() => undefined);
  oracle.differences.push(...oracle.standing());
}

/** Fails with what gate and oracle say where they differ. */
function agrees(oracle: Oracle): void {
  if (oracle.differences.length > 0)
    throw new Error(`The oracle differs:\n${oracle.differences.join("\n")}`);
}

/** What the oracle could not judge is written down where ORACLE_TALLY says, so that nobody takes it for agreement. */
function tallied({ counts, doubts }: Oracle): void {
  const file = process.env["ORACLE_TALLY"];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ ...counts, doubts })}\n`);
}

export interface CheckRunSeen {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly title: string | null;
  readonly summary: string | null;
  readonly externalId: string | null;
  readonly annotations: readonly {
    readonly path: string;
    readonly start_line: number;
    readonly message: string;
  }[];
}

/** Our check runs on a commit, as the simulated GitHub holds them. */
export function checkRunsOn(sim: Simulator, repo: string, sha: string): readonly CheckRunSeen[] {
  const id = sim.world.repoNames.get(repo.toLowerCase());
  const repository = id === undefined ? undefined : sim.world.repos.get(id);
  if (repository === undefined) throw new Error(`no repository ${repo}`);
  return [...repository.checkRuns.values()].filter(
    (run) => run.appId === appId && run.headSha === sha,
  );
}

/** The check run `gatehouse` on a commit, once it says what `holds` wants. */
export async function gateSays(
  sim: Simulator,
  repo: string,
  sha: string,
  holds: (run: CheckRunSeen) => boolean,
  withinMs?: number,
): Promise<CheckRunSeen> {
  const runs = await until(
    `check run gatehouse on ${sha.slice(0, 7)}`,
    () => checkRunsOn(sim, repo, sha).filter((run) => run.name === "gatehouse"),
    (seen) => seen.some(holds),
    withinMs,
  );
  const run = runs.find(holds);
  if (run === undefined) throw new Error("unreachable");
  return run;
}

/** Every event that was sent has had its effect, and a green that the world overtook on its way is gone again. */
export async function calm(gatehouse: Gatehouse): Promise<void> {
  await idle(gatehouse);
  await until(
    "greens that the world overtook to be taken back",
    () => gatehouse.oracle.standing(),
    (standing) => standing.length === 0,
  );
}

/** Every event that was sent has had its effect: nothing is delivered, routed, judged or about to be. */
export async function idle(gatehouse: WatchedGate, withinMs = 30_000): Promise<void> {
  await gatehouse.sim.settled();
  await until(
    "an idle gate",
    () => workIn(gatehouse.settings.databaseUrl),
    ({ running, nextDue }) => running === 0 && nextDue > gatehouse.now() + settlesWithinMs,
    withinMs,
  );
}

/** Waits for a condition of the world; fails with what was seen last. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  holds: (seen: T) => boolean,
  withinMs = 15_000,
): Promise<T> {
  const deadline = Date.now() + withinMs * patience;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > deadline)
      throw new Error(
        `${what}: not within ${withinMs} ms; last seen: ${JSON.stringify(seen)?.slice(0, 2000)}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}
