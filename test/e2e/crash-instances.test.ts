import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startBalancer, type Balancer } from "../support/balancer.ts";
import type { GateProcess } from "../support/gate-process.ts";
import {
  calmIn,
  inDatabase,
  newRepo,
  open,
  repositoryId,
  staged,
  theRun,
  turnsGreen,
  turnsRed,
  waits,
  writesTo,
} from "./fault-world.ts";
import { until } from "./harness.ts";
import { startRealGate, type RealGate } from "./real-gate.ts";
import { listenToWire } from "./wire.ts";
import { patience } from "../support/patience.ts";

// Two real processes over one database, behind a balancer that gives each every second delivery.

const wordedOnDev =
  'version: 1\nrules:\n  - name: worded\n    when: { branches: [dev] }\n    require: { title: { pattern: "^feat: " } }\n';

const wire = listenToWire();
let real: RealGate;
let second: GateProcess;
let balancer: Balancer;

beforeAll(async () => {
  real = await startRealGate({ simulator: { onExchange: wire.onExchange } });
  second = await real.beside();
  balancer = await startBalancer(() => [real.gate.url, second.url]);
  real.sim.webhook({ url: `${balancer.url}/api/github/webhooks`, concurrency: 6 });
}, 90_000 * patience);
afterEach(() => {
  // A test that ran out of time while a process was paused must not leave it so.
  for (const gate of [real.gate, second]) process.kill(gate.pid, "SIGCONT");
  real.sim.setLatency(0);
  real.sim.webhook({ url: `${balancer.url}/api/github/webhooks` });
});
afterAll(async () => {
  balancer.stop();
  await real.stop();
});

const leaseOf = (
  repo: string,
  number: number,
): Promise<{ readonly state: string; readonly owner: string | null } | undefined> =>
  inDatabase(
    real.settings.databaseUrl,
    (db) =>
      db
        .prepare("select state, owner from queue where key = ?")
        .get(`pr:${repositoryId(real.sim, repo)}:${number}`) as
        { readonly state: string; readonly owner: string | null } | undefined,
  );

/** Time passes for a lease: whoever holds it has not been heard of since. */
const letLeaseRunOut = (repo: string, number: number): Promise<unknown> =>
  until(
    "a lease that ran out",
    () =>
      inDatabase(
        real.settings.databaseUrl,
        (db) =>
          db
            .prepare("update queue set due_at = ? where key = ? and state = 'leased'")
            .run(Date.now() - 1, `pr:${repositoryId(real.sim, repo)}:${number}`).changes,
      ),
    (changes) => changes === 1,
  );

/** The process that holds the lease, and the other one. */
async function holders(
  repo: string,
  number: number,
): Promise<{ readonly holder: GateProcess; readonly other: GateProcess }> {
  const lease = await leaseOf(repo, number);
  const pid = Number(lease?.owner?.split(":")[1]);
  expect([real.gate.pid, second.pid]).toContain(pid);
  return pid === real.gate.pid
    ? { holder: real.gate, other: second }
    : { holder: second, other: real.gate };
}

describe("two processes over one database", () => {
  it("F21: judge every pull request once at a time, and make one check run each", async () => {
    const { sim } = real;
    const repo = newRepo(sim, "shared");
    await calmIn(real, repo);
    sim.setLatency(5);
    const pulls = Array.from({ length: 20 }, (_, n) => open(sim, repo, { head: `shared-${n}` }));
    for (const { number } of pulls) {
      sim.review({ repo, number, by: "bob", state: "approve" });
      sim.editPull({ repo, number, title: `again ${number}`, by: "ada" });
    }
    await Promise.all(pulls.map(({ headSha }) => turnsGreen(sim, repo, headSha)));
    await calmIn(real, repo);
    sim.setLatency(0);
    for (const { headSha } of pulls) theRun(sim, repo, headSha);
    for (const gate of [real.gate, second]) expect(gate.output()).toContain('"msg":"decision"');
  });

  it("F21: two pull requests on one commit, judged by two processes at once, share one check run, and the worst answer wins", async () => {
    const { sim } = real;
    const repo = newRepo(sim, "twins", wordedOnDev);
    sim.createBranch({ repo, branch: "dev", by: "ada" });
    await calmIn(real, repo);
    sim.setLatency(15);
    const twins = Array.from({ length: 12 }, (_, n) => {
      const first = open(sim, repo, { head: `twin-${n}` });
      const other = sim.openPull({ repo, author: "ada", head: `twin-${n}`, base: "dev" });
      expect(other.headSha).toBe(first.headSha);
      return { number: first.number, other: other.number, headSha: first.headSha };
    });
    await Promise.all(twins.map(({ headSha }) => turnsRed(sim, repo, headSha)));
    for (const [title, conclusion] of [
      ["feat: good", "success"],
      ["bad", "failure"],
    ] as const) {
      // Both are judged at once, and what the one is decided for changes what the other may show.
      for (const { number, other } of twins)
        for (const each of [number, other])
          sim.editPull({ repo, number: each, title: `${title} ${each}`, by: "ada" });
      await Promise.all(
        twins.map(({ headSha }) =>
          until(
            `${conclusion} on ${headSha.slice(0, 7)}`,
            () => theRun(sim, repo, headSha).conclusion,
            (seen) => seen === conclusion,
          ),
        ),
      );
      await calmIn(real, repo);
      expect(new Set(twins.map(({ headSha }) => theRun(sim, repo, headSha).conclusion))).toEqual(
        new Set([conclusion]),
      );
    }
    sim.setLatency(0);
  });

  it("F22: a process that was paused before it could send its green sends it no more", async () => {
    const { sim } = real;
    const repo = newRepo(sim, "paused");
    const { number, headSha } = open(sim, repo);
    await waits(sim, repo, headSha);
    await calmIn(real, repo);
    const writes = writesTo(sim, repo);
    let isAsked = false;
    staged(sim, repo, {
      method: "GET",
      path: "/pulls/\\d+$",
      delayMs: 4000,
      times: 1,
      onHit: () => (isAsked = true),
    });
    const { id } = sim.review({ repo, number, by: "bob", state: "approve" });
    await until(
      "the read before the green",
      () => isAsked,
      (asked) => asked,
    );
    const { holder, other } = await holders(repo, number);
    process.kill(holder.pid, "SIGSTOP");
    try {
      sim.webhook({ url: `${other.url}/api/github/webhooks` });
      sim.dismissReview({ repo, number, id, by: "ada" });
      await sim.settled();
      await letLeaseRunOut(repo, number);
      await until(
        "the other's work",
        () => leaseOf(repo, number),
        (row) => row?.owner?.split(":")[1] === String(other.pid) || row?.state !== "leased",
      );
      await until(
        "the other's end",
        () => leaseOf(repo, number),
        (row) => row?.state !== "leased",
      );
    } finally {
      process.kill(holder.pid, "SIGCONT");
    }
    await until(
      "a worker that gives way",
      () => holder.output().includes("superseded"),
      (gaveWay) => gaveWay,
    );
    await calmIn(real, repo);
    expect(theRun(sim, repo, headSha)).toMatchObject({
      conclusion: null,
      title: "Needs 1 approval",
    });
    expect(
      sim.calls.filter(
        (call) =>
          call.path.startsWith(`/repos/${repo}/check-runs`) &&
          JSON.stringify(call.body).includes('"success"'),
      ),
    ).toEqual([]);
    expect(writesTo(sim, repo)).toBe(writes);
  });

  it("F22: a green that left just before the pause, and landed after another had judged, does not stay", async () => {
    const { sim } = real;
    const repo = newRepo(sim, "late-landing");
    const { number, headSha } = open(sim, repo);
    await waits(sim, repo, headSha);
    await calmIn(real, repo);
    let isSent = false;
    staged(sim, repo, {
      method: "PATCH",
      path: "/check-runs/",
      delayMs: 4000,
      times: 1,
      onHit: () => (isSent = true),
    });
    const { id } = sim.review({ repo, number, by: "bob", state: "approve" });
    await until(
      "the green on its way",
      () => isSent,
      (sent) => sent,
    );
    const { holder, other } = await holders(repo, number);
    process.kill(holder.pid, "SIGSTOP");
    try {
      sim.webhook({ url: `${other.url}/api/github/webhooks` });
      sim.dismissReview({ repo, number, id, by: "ada" });
      await sim.settled();
      await letLeaseRunOut(repo, number);
      await until(
        "the other's end",
        () => leaseOf(repo, number),
        (row) => row?.state !== "leased",
      );
      await until(
        "the late green",
        () => theRun(sim, repo, headSha).conclusion,
        (conclusion) => conclusion === "success",
      );
    } finally {
      process.kill(holder.pid, "SIGCONT");
    }
    await until(
      "what is true",
      () => theRun(sim, repo, headSha).conclusion,
      (conclusion) => conclusion === null,
    );
    await calmIn(real, repo);
    expect(theRun(sim, repo, headSha).title).toBe("Needs 1 approval");
  });

  it("F21: when one is killed in the middle of its work, the other and its successor lose nothing", async () => {
    const { sim } = real;
    const repo = newRepo(sim, "halved");
    await calmIn(real, repo);
    sim.setLatency(10);
    const pulls = Array.from({ length: 16 }, (_, n) => open(sim, repo, { head: `halved-${n}` }));
    for (const { number } of pulls) sim.review({ repo, number, by: "bob", state: "approve" });
    // What is lost on the way to a process that is gone is another test's: here all of it has arrived.
    await sim.settled();
    await until(
      "a few answers",
      () => writesTo(sim, repo),
      (count) => count >= 4,
    );
    await real.gate.kill("SIGKILL");
    await real.start();
    sim.webhook({ url: `${balancer.url}/api/github/webhooks` });
    await Promise.all(pulls.map(({ headSha }) => turnsGreen(sim, repo, headSha)));
    sim.setLatency(0);
    await calmIn(real, repo);
    for (const { headSha } of pulls) theRun(sim, repo, headSha);
  });

  it("sends GitHub nothing that its descriptions do not know", () => {
    expect(wire.heard()).toBeGreaterThan(20);
    expect(wire.problems()).toEqual([]);
  });
});
