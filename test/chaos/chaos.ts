import { setTimeout as sleep } from "node:timers/promises";
import { Simulator } from "@gatehouse/github-simulator";
import { appId, idle, type WatchedGate } from "../e2e/harness.ts";
import { changeIn } from "../e2e/rows-in.ts";
import { Oracle } from "../oracle/oracle.ts";
import { startBalancer } from "../support/balancer.ts";
import { newSite } from "../support/gate-process.ts";
import type { TestPostgres } from "../support/postgres.ts";
import { choose, repos, shepherd } from "../walk/choose.ts";
import { perform, type Move } from "../walk/moves.ts";
import { somePolicy } from "../walk/policies.ts";
import { quiet, type Seen } from "../walk/quiet.ts";
import { seeded } from "../walk/random.ts";
import { stroll } from "../walk/stroll.ts";
import { furnish } from "../walk/walk.ts";
import { notConverged } from "./converged.ts";
import { clocksApart, disturbance, type Disturbance } from "./disturbances.ts";
import { createDisturber } from "./disturber.ts";
import { startProcesses } from "./processes.ts";
import { troubledFile, troubledPostgres } from "./stores.ts";

export type ChaosStep = Move | Disturbance;

export interface ChaosOptions {
  readonly seed: number;
  readonly steps: number;
  readonly until?: number;
  readonly trace?: readonly ChaosStep[];
  /** Over PostgreSQL several processes run, over a file one. */
  readonly server: TestPostgres | undefined;
}

export interface Chaos {
  readonly seed: number;
  readonly steps: number;
  readonly disturbances: number;
  readonly greens: number;
  readonly approvals: number;
  readonly raced: number;
  readonly judged: number;
  readonly unjudged: number;
  readonly differences: readonly string[];
  readonly trace: readonly ChaosStep[];
  /** What the processes logged. */
  readonly output: string;
}

const processesOverPostgres = 2;
const patienceMs = 60_000;
const comesToRestWithinMs = 120_000;

/** The clocks of these processes are put some minutes apart, and not moved by hours. */
const needsClock = (move: Move): boolean => move.do === "clock" || move.do === "restart";

const isDisturbance = (step: ChaosStep): step is Disturbance =>
  [
    "kill",
    "end",
    "suspend",
    "database down",
    "database slow",
    "database cut",
    "database fails over",
    "clock apart",
    "trouble",
    "latency",
  ].includes(step.do);

/** A walk of one seed beside real processes, to which everything happens that happens to processes. */
export async function chaos({ seed, steps, until, trace, server }: ChaosOptions): Promise<Chaos> {
  const random = seeded(seed);
  const site = newSite();
  const store = server === undefined ? troubledFile(site.folder) : await troubledPostgres(server);
  let isDisturbed = false;
  /** The clock that the gate goes by. */
  let now = Date.now;
  const count = server === undefined ? 1 : processesOverPostgres;
  const apart = clocksApart(random, count);
  // Before anything has happened there: GitHub's own clock does not jump.
  const githubAheadMs = (trace ?? apart).reduce(
    (ms, step) => (step.do === "clock apart" && step.of === "GitHub" ? step.aheadMs : ms),
    0,
  );
  const oracle = new Oracle(() => now(), { isLate: () => isDisturbed, mostKept: 300 });
  const sim = await Simulator.start({
    appId,
    publicKeyPem: site.publicKey,
    webhookSecret: site.secret,
    seed,
    now: () => Date.now() + githubAheadMs,
    onExchange: oracle.see,
  });
  oracle.watch(sim);
  const processes = startProcesses(sim, site, count, store.url);
  // One process goes by its own clock, several by that of their database.
  if (server === undefined) now = () => Date.now() + processes.aheadMs(0);
  const balancer = await startBalancer(processes.urls);
  sim.webhook({ url: `${balancer.url}/api/github/webhooks`, concurrency: 6 });
  const disturber = createDisturber({ sim, store, processes });
  const gate: WatchedGate = {
    sim,
    oracle,
    settings: { databaseUrl: store.calmUrl },
    now: () => now(),
    advance: () => undefined,
    restart: () => Promise.resolve(),
  };
  let disturbances = 0;

  /** Lets everything come back, and looks whether the world is as if nothing had happened. */
  const look = async (): Promise<Seen> => {
    disturber.mend();
    await store.works();
    await processes.allRun();
    const hurrying = hurry(gate);
    try {
      // Hundreds of deliveries that failed are asked for again, one by one.
      sim.clearDeliveryFaults();
      sim.releaseWebhooks();
      await idle(gate, comesToRestWithinMs);
      const seen = await quiet(gate, true, patienceMs);
      return {
        ...seen,
        differences: [...seen.differences, ...(await notConverged(sim, store.calmUrl))],
      };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return {
        judged: 0,
        unjudged: 0,
        differences: [`it does not come to rest: ${error.message}`],
      };
    } finally {
      await hurrying.stop();
      isDisturbed = false;
    }
  };

  try {
    await processes.allRun();
    furnish(sim);
    const { made, ...seen } = await stroll<ChaosStep>({
      steps,
      until,
      trace,
      first: [
        ...apart,
        ...repos.map((repo): Move => ({ do: "policy", repo, text: somePolicy(random) })),
      ],
      next: function* (at) {
        if (random.chance(35)) yield disturbance(random);
        if (random.chance(50)) yield* shepherd(random, sim);
        const move = choose(random, sim, at);
        if (!needsClock(move)) yield move;
        yield { do: "pause", ms: random.below(200) };
      },
      apart: () => 15 + random.below(25),
      perform: async (step) => {
        if (!isDisturbance(step)) return step.do === "sweep" ? sweepNow(gate) : perform(gate, step);
        isDisturbed = true;
        disturbances += 1;
        disturber.disturb(step);
      },
      look,
      differences: () => [...oracle.differences, ...processes.fallen],
    });
    const { greens, approvals, raced, unjudged } = oracle.counts;
    return {
      seed,
      steps: made.length,
      disturbances,
      greens,
      approvals,
      raced,
      judged: seen.judged,
      unjudged: seen.unjudged + unjudged,
      differences: seen.differences,
      trace: made,
      output: processes.output(),
    };
  } finally {
    disturber.mend();
    await processes.stop();
    balancer.stop();
    await store.stop();
    await sim.stop();
    site.remove();
  }
}

/** What was tried in vain is tried again at once: the minutes that it would wait are not under test. */
function hurry({ settings, now }: WatchedGate): { readonly stop: () => Promise<void> } {
  let isOver = false;
  const going = (async () => {
    while (!isOver) {
      const at = now();
      await changeIn(
        settings.databaseUrl,
        "update queue set due_at = ?, firm_at = ?, settling_at = null where state = 'waiting' and attempts > 0 and due_at > ?",
        ...[at, at, at + 500],
      ).catch(() => undefined);
      await sleep(500);
    }
  })();
  return {
    stop: async () => {
      isOver = true;
      await going;
    },
  };
}

/** The sweeps that would come in minutes, now; where the database is gone, nothing. */
async function sweepNow({ settings, now }: WatchedGate): Promise<void> {
  await changeIn(
    settings.databaseUrl,
    "update queue set due_at = ?, firm_at = ? where key in ('sweep-deliveries', 'sweep-activity') and state = 'waiting'",
    ...[now(), now()],
  ).catch(() => undefined);
}
