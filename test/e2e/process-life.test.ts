import Database from "libsql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  calmIn,
  dueNow,
  inDatabase,
  newRepo,
  open,
  repositoryId,
  staged,
  theRun,
  waits,
  worded,
} from "./fault-world.ts";
import type { Simulator } from "@gatehouse/github-simulator";
import { checkRunsOn, until } from "./harness.ts";
import { startRealGate, type RealGate } from "./real-gate.ts";
import { patience } from "../support/patience.ts";

// The real process from start to end: what it leaves when it is told to stop, what it waits for, and a storm through a kill.

let real: RealGate;

beforeAll(async () => {
  real = await startRealGate();
}, 90_000 * patience);
afterAll(async () => {
  await real.stop();
});

const database = (): string => real.settings.databaseUrl;
const rowsOf = (
  repo: string,
): Promise<
  readonly { readonly state: string; readonly attempts: number; readonly due_at: number }[]
> =>
  inDatabase(
    database(),
    (db) =>
      db
        .prepare("select state, attempts, due_at from queue where key like ?")
        .all(`pr:${repositoryId(real.sim, repo)}:%`) as {
        readonly state: string;
        readonly attempts: number;
        readonly due_at: number;
      }[],
  );

/** One of GitHub's answers is a long time coming: the work that waits for it is under way when the signal arrives. */
async function underWay(
  name: string,
  delayMs: number,
): Promise<{ readonly repo: string; readonly headSha: string; readonly end: () => void }> {
  const repo = newRepo(real.sim, name);
  await calmIn(real, repo);
  let isAsked = false;
  const end = staged(real.sim, repo, {
    graphql: true,
    delayMs,
    times: 1,
    onHit: () => (isAsked = true),
  });
  const { headSha } = open(real.sim, repo);
  await until(
    "work under way",
    () => isAsked,
    (asked) => asked,
  );
  return { repo, headSha, end };
}

describe("SIGTERM", () => {
  it("F35: what can be finished is finished, the rest is given back, within ten seconds; the next process goes on at once", async () => {
    const long = await underWay("given-back", 60_000);
    const short = await underWay("finished", 2000);
    const from = performance.now();
    expect(await real.gate.kill("SIGTERM")).toBe(0);
    expect(performance.now() - from).toBeLessThan(10_000);
    expect(theRun(real.sim, short.repo, short.headSha).status).toBe("in_progress");
    // It has cost no try, and nobody has to wait for a lease to run out.
    expect(await rowsOf(long.repo)).toMatchObject([{ state: "waiting", attempts: 0 }]);
    expect((await rowsOf(short.repo)).filter((row) => row.state === "leased")).toEqual([]);
    long.end();
    await real.start();
    await waits(real.sim, long.repo, long.headSha);
    theRun(real.sim, long.repo, long.headSha);
  });
});

describe("a start", () => {
  it("F35: waits while another instance migrates", async () => {
    await real.gate.kill("SIGTERM");
    const holder = new Database(database().slice("file:".length), { timeout: 5000 });
    holder.exec("begin immediate");
    const starting = real.start();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    holder.exec("rollback");
    holder.close();
    expect((await fetch(`${(await starting).url}/readyz`)).status).toBe(200);
  });
});

describe("a storm", () => {
  it(
    "F25: 1,500 deliveries for 150 pull requests, through a kill -9 in the middle: none is lost, and each is judged",
    { timeout: 120_000 * patience },
    async () => {
      const { sim } = real;
      const repo = newRepo(sim, "storm", worded);
      await calmIn(real, repo);
      const id = repositoryId(sim, repo);
      sim.holdWebhooks();
      const pulls = Array.from({ length: 150 }, (_, n) => ({
        ...open(sim, repo, { head: `storm-${n}` }),
        n,
      }));
      const titleOf = (n: number): string => (n % 2 === 0 ? `feat: ${n}` : `nothing ${n}`);
      for (let round = 0; round < 7; round++)
        for (const { number, n } of pulls)
          sim.editPull({
            repo,
            number,
            title: round === 6 ? titleOf(n) : `round ${round} of ${n}`,
            by: "ada",
          });
      sim.webhook({ concurrency: 20 });
      const sent = (): Simulator["deliveries"] =>
        sim.deliveries.filter((delivery) => delivery.repositoryId === id && !delivery.redelivery);
      sim.releaseWebhooks();
      await until(
        "half of the storm",
        () => sent().filter((delivery) => delivery.statusCode === 202).length,
        (stored) => stored >= 700,
        60_000,
      );
      await real.gate.kill("SIGKILL");
      // A second or so without anybody there, at ten thousand deliveries a minute.
      await until(
        "deliveries in vain",
        () => sent().filter((delivery) => delivery.attempted && delivery.statusCode !== 202).length,
        (failed) => failed >= 150,
      );
      sim.holdWebhooks();
      await real.start();
      sim.releaseWebhooks();
      await sim.settled();
      const guids = new Set(sent().map((delivery) => delivery.guid));
      expect(guids.size).toBeGreaterThanOrEqual(1500);
      // What nobody was there to take is asked for again; the sweep comes every two minutes, and is not waited for here.
      await dueNow(database(), "sweep-deliveries");
      const missing = async (): Promise<number> => {
        const here = await inDatabase(
          database(),
          (db) =>
            new Set(
              (
                db.prepare("select guid from inbox").all() as readonly { readonly guid: string }[]
              ).map((row) => row.guid),
            ),
        );
        return [...guids].filter((guid) => !here.has(guid)).length;
      };
      await until("every delivery", missing, (count) => count === 0, 60_000);
      const wrong = (): number =>
        pulls.filter(
          ({ headSha, n }) =>
            checkRunsOn(sim, repo, headSha).find((run) => run.name === "gatehouse")?.conclusion !==
            (n % 2 === 0 ? "success" : "failure"),
        ).length;
      await until("every pull request's answer", wrong, (count) => count === 0, 60_000);
      await calmIn(real, repo);
      for (const { headSha } of pulls) theRun(sim, repo, headSha);
      // Fifty deliveries on a subject are one row: work is not in proportion to the deliveries.
      const judged = sim.calls.filter((call) => call.path === "/graphql").length;
      expect(judged).toBeLessThan(guids.size);
    },
  );
});
