import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  impatiently,
  inDatabase,
  newRepo,
  open,
  repositoryId,
  reviewed,
  theRun,
  tripwire,
  turnsGreen,
  waits,
} from "./fault-world.ts";
import { calm, checkRunsOn, runGatehouse, until, type Gatehouse } from "./harness.ts";
import { listenToWire } from "./wire.ts";

// Faults of all of GitHub, one after the other. Those of one repository's calls are in faults-answers.test.ts.

const wire = listenToWire();
let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];

beforeAll(async () => {
  gatehouse = await runGatehouse({
    skipsWaits: true,
    simulator: { onExchange: wire.onExchange },
    patience: { requestTimeoutMs: 300 },
  });
  sim = gatehouse.sim;
});
afterEach(() => {
  sim.clearFaults();
  sim.quota({ limit: null });
});
afterAll(async () => {
  await gatehouse.stop();
});

/** The eventual answer, without the waits between tries. */
const soon = <T>(wanted: Promise<T>): Promise<T> =>
  impatiently(gatehouse.settings.databaseUrl, wanted);

describe("a GitHub in trouble", () => {
  it("F10: 500, 502 and 503 in a row for the token leave no commit without its check run", async () => {
    const repo = newRepo(sim, "no-token");
    await calm(gatehouse);
    for (const status of [502, 503, 500])
      sim.fault({ match: { path: "/access_tokens" }, status, times: 1 });
    const { headSha } = open(sim, repo);
    await soon(waits(sim, repo, headSha));
    theRun(sim, repo, headSha);
  });

  it("F10: what was never judged says that it waits for GitHub, and is judged once it answers", async () => {
    const repo = newRepo(sim, "never-judged");
    await calm(gatehouse);
    sim.fault({ match: { path: "/graphql" }, status: 502 });
    const { headSha } = open(sim, repo);
    const seen = await soon(
      until(
        "the word that GitHub is waited for",
        () => checkRunsOn(sim, repo, headSha),
        (runs) => runs.some(({ title }) => title?.startsWith("Waiting for GitHub") === true),
      ),
    );
    expect(seen).toMatchObject([{ name: "gatehouse", status: "in_progress", conclusion: null }]);
    sim.clearFaults();
    await soon(
      until(
        "the answer",
        () => checkRunsOn(sim, repo, headSha),
        (runs) => runs.every(({ title }) => title?.startsWith("Waiting for GitHub") === false),
      ),
    );
    theRun(sim, repo, headSha);
  });

  it.each([403, 429])(
    "F11: a secondary limit (%i) pauses its installation, and no other",
    async (status) => {
      const paused = newRepo(sim, `busy-${status}`, reviewed, `paused-${status}`);
      const free = newRepo(sim, "idle", reviewed, `free-${status}`);
      await calm(gatehouse);
      sim.fault({
        match: { graphql: `"name":"busy-${status}"` },
        status,
        headers: { "retry-after": "4" },
        body: { message: "You have exceeded a secondary rate limit." },
        times: 1,
      });
      const waiting = open(sim, paused);
      await until(
        "the refusal",
        () => sim.calls.filter((call) => call.status === status).length,
        (count) => count > 0,
      );
      const from = gatehouse.now();
      sim.resetCalls();
      const others = Array.from({ length: 3 }, (_, n) => open(sim, free, { head: `free-${n}` }));
      await Promise.all(others.map(({ headSha }) => waits(sim, free, headSha)));
      expect(checkRunsOn(sim, paused, waiting.headSha)).toEqual([]);
      await waits(sim, paused, waiting.headSha);
      expect(gatehouse.now() - from).toBeGreaterThan(3500);
      expect(
        sim.calls.filter(
          (call) => call.path.startsWith(`/repos/${paused}/`) && call.at - from < 3500,
        ),
      ).toEqual([]);
    },
  );

  it("F12: an empty quota is waited for, without asking meanwhile", async () => {
    const repo = newRepo(sim, "drained");
    await calm(gatehouse);
    sim.quota({ limit: 5000, remaining: 0, resetInMs: 3500 });
    sim.resetCalls();
    const { headSha } = open(sim, repo);
    await until(
      "the refusal",
      () => sim.calls.filter((call) => call.status === 403).length,
      (count) => count > 0,
    );
    await waits(sim, repo, headSha);
    expect(sim.calls.filter((call) => call.status === 403).length).toBeLessThanOrEqual(2);
    theRun(sim, repo, headSha);
  });

  it("F15: a GitHub that swallows requests is left alone, and asked again once it answers", async () => {
    const repo = newRepo(sim, "black-hole");
    await calm(gatehouse);
    const hole = tripwire(/./);
    sim.fault({ match: { path: hole.pattern }, hang: true });
    const pulls = Array.from({ length: 10 }, (_, n) => open(sim, repo, { head: `hole-${n}` }));
    const tries = (): Promise<readonly number[]> =>
      inDatabase(gatehouse.settings.databaseUrl, (db) =>
        pulls.map(
          ({ number }) =>
            (
              db
                .prepare("select attempts from queue where key = ?")
                .get(`pr:${repositoryId(sim, repo)}:${number}`) as
                { readonly attempts: number } | undefined
            )?.attempts ?? 0,
        ),
      );
    await until("a try each", tries, (attempts) => attempts.every((count) => count > 0));
    // Without the breaker these would be three requests each.
    expect(hole.count()).toBeLessThanOrEqual(15);
    expect(pulls.flatMap(({ headSha }) => checkRunsOn(sim, repo, headSha))).toEqual([]);
    sim.clearFaults();
    await soon(Promise.all(pulls.map(({ headSha }) => waits(sim, repo, headSha))));
    for (const { headSha } of pulls) theRun(sim, repo, headSha);
  });

  it.each([
    ["ahead", 600_000],
    ["behind", -600_000],
  ])("F19: GitHub's clock is ten minutes %s of ours, and work goes on", async (_name, offset) => {
    const other = await runGatehouse({
      skipsWaits: true,
      githubAheadMs: offset,
      simulator: { onExchange: wire.onExchange },
    });
    try {
      const repo = newRepo(other.sim, "skewed");
      const { number, headSha } = open(other.sim, repo);
      await waits(other.sim, repo, headSha);
      other.sim.review({ repo, number, by: "bob", state: "approve" });
      await turnsGreen(other.sim, repo, headSha);
    } finally {
      await other.stop();
    }
  });

  it("sends GitHub nothing that its descriptions do not know", () => {
    expect(wire.heard()).toBeGreaterThan(20);
    expect(wire.problems()).toEqual([]);
  });
});
