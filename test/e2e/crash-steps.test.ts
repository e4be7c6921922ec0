import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  calmIn,
  newRepo,
  open,
  staged,
  theRun,
  turnsGreen,
  waits,
  type StagedFault,
} from "./fault-world.ts";
import { checkRunsOn, until } from "./harness.ts";
import { startRealGate, type RealGate } from "./real-gate.ts";
import { listenToWire } from "./wire.ts";
import { patience } from "../support/patience.ts";

// The real process, killed (SIGKILL) where a crash hurts, and started again over its database. One after the other.

const wire = listenToWire();
let real: RealGate;

beforeAll(async () => {
  real = await startRealGate({ simulator: { onExchange: wire.onExchange } });
}, 90_000 * patience);
afterAll(async () => {
  await real.stop();
});

/** Kills the process when a request arrives that the fault fits. `hang`: it never takes effect; `delayMs`: it does, unseen. */
function killAt(
  repo: string,
  fault: StagedFault,
): { readonly end: () => void; readonly killed: () => Promise<unknown> } {
  const { gate, sim } = real;
  let isHit = false;
  const end = staged(sim, repo, {
    ...fault,
    onHit: () => {
      isHit = true;
      void gate.kill("SIGKILL");
    },
  });
  return {
    end,
    killed: () =>
      until(
        "the kill",
        () => isHit,
        (hit) => hit,
      ).then(() => gate.exited),
  };
}

async function known(name: string): Promise<string> {
  const repo = newRepo(real.sim, name);
  await calmIn(real, repo);
  return repo;
}

const policyFile = { method: "GET", path: "/contents/" } as const;
const overview = { graphql: true } as const;
const creation = { method: "POST", path: "/check-runs$" } as const;
const headRead = { method: "GET", path: "/pulls/\\d+$" } as const;
const change = { method: "PATCH", path: "/check-runs/" } as const;

describe("kill -9", () => {
  it("F7: after the acknowledgement, before anything was read", async () => {
    const { sim } = real;
    const repo = await known("acknowledged");
    const end = staged(sim, repo, { hang: true });
    const overviews = staged(sim, repo, { graphql: true, hang: true });
    const { headSha } = open(sim, repo);
    await sim.settled();
    await real.gate.kill("SIGKILL");
    expect(sim.deliveries.at(-1)?.statusCode).toBe(202);
    end();
    overviews();
    await real.start();
    await waits(sim, repo, headSha);
    await calmIn(real, repo);
    theRun(sim, repo, headSha);
  });

  it.each([
    ["F7: while the policy is read", policyFile, { hang: true }],
    ["F7: while the pull request is read", overview, { hang: true }],
    ["F8: between the decision and its check run", creation, { hang: true }],
    ["F9: between the new check run and its record", creation, { delayMs: 30 }],
    ["F9: long before GitHub is through with the new check run", creation, { delayMs: 4000 }],
  ] as const)("%s", async (where, call, fault) => {
    const { sim } = real;
    const name = `step-${where.length}`;
    // The policy is read once, when the repository is first heard of.
    const early = call === policyFile ? killAt(`acme/${name}`, { ...call, ...fault }) : null;
    const repo = early === null ? await known(name) : newRepo(sim, name);
    const kill = early ?? killAt(repo, { ...call, ...fault });
    const { number, headSha } = open(sim, repo);
    await kill.killed();
    kill.end();
    await real.start();
    // A request that was cut off may reach GitHub for ten seconds: until then a second check run could be made.
    await waits(sim, repo, headSha, 25_000);
    sim.review({ repo, number, by: "bob", state: "approve" });
    await turnsGreen(sim, repo, headSha, 25_000);
    await calmIn(real, repo);
    theRun(sim, repo, headSha);
  });

  it.each([
    ["F7: while the head is read before the green", headRead, { hang: true }],
    ["F8: before the green has left", change, { hang: true }],
    ["F9: after the green was taken, before it was recorded", change, { delayMs: 30 }],
  ] as const)("%s", async (where, call, fault) => {
    const { sim } = real;
    const repo = await known(`green-${where.length}`);
    const { number, headSha } = open(sim, repo);
    await waits(sim, repo, headSha);
    await calmIn(real, repo);
    const kill = killAt(repo, { ...call, ...fault });
    const { id } = sim.review({ repo, number, by: "bob", state: "approve" });
    await kill.killed();
    kill.end();
    if ("delayMs" in fault)
      await until(
        "the effect",
        () => theRun(sim, repo, headSha).conclusion,
        (conclusion) => conclusion === "success",
      );
    // What was decided is not true any more when the process is back.
    sim.dismissReview({ repo, number, id, by: "ada" });
    await real.start();
    await until(
      "what is true",
      () => theRun(sim, repo, headSha),
      (run) => run.conclusion === null && run.title === "Needs 1 approval",
    );
    sim.review({ repo, number, by: "bob", state: "approve" });
    await turnsGreen(sim, repo, headSha);
    await calmIn(real, repo);
    theRun(sim, repo, headSha);
  });

  it.each([
    ["before the second batch was taken", { hang: true }],
    ["after the second batch was taken", { delayMs: 30 }],
  ] as const)("F18: %s, annotations go on where they stopped", async (where, fault) => {
    const { sim } = real;
    const repo = await known(`batch-${where.length}`);
    const kill = killAt(repo, { ...change, ...fault });
    const broken = `version: 1\nrules:\n${Array.from({ length: 130 }, (_, n) => `  - name: r${n}\n    require: { reviews: { aprovals: ${n} } }\n`).join("")}`;
    const { headSha } = open(sim, repo, { files: { ".github/gatehouse.yml": broken } });
    await kill.killed();
    kill.end();
    await real.start();
    const previews = (): ReturnType<typeof checkRunsOn> =>
      checkRunsOn(sim, repo, headSha).filter((run) => run.name === "gatehouse / policy");
    await until(
      "all annotations",
      () => previews()[0]?.annotations.length ?? 0,
      (count) => count >= 130,
    );
    await calmIn(real, repo);
    expect(previews()).toHaveLength(1);
    expect(
      previews()[0]
        ?.annotations.map((annotation) => annotation.start_line)
        .toSorted((a, b) => a - b),
    ).toEqual(Array.from({ length: 130 }, (_, n) => 4 + 2 * n));
    theRun(sim, repo, headSha);
  });

  it(
    "F7: at four moments of twenty-four pull requests being judged at once",
    { timeout: 60_000 * patience },
    async () => {
      const { sim } = real;
      const repo = await known("at-once");
      const pulls = Array.from({ length: 24 }, (_, n) => ({
        ...open(sim, repo, { head: `at-once-${n}` }),
        n,
      }));
      for (const { number, n } of pulls)
        if (n % 2 === 0) sim.review({ repo, number, by: "bob", state: "approve" });
      sim.webhook({ concurrency: 8 });
      sim.setLatency(8);
      for (const writes of [2, 7, 13, 19]) {
        await until(
          `${writes} writes`,
          () =>
            sim.calls.filter((call) => call.path.startsWith(`/repos/${repo}/check-runs`)).length,
          (count) => count >= writes,
        );
        await real.gate.kill("SIGKILL");
        await real.start();
        // Something new for each life, so that there is work left to be interrupted.
        for (const { number, n } of pulls)
          if (n % 2 === 1)
            sim.editPull({ repo, number, title: `edited before ${writes}`, by: "ada" });
      }
      sim.setLatency(0);
      await Promise.all(
        pulls.map(({ headSha, n }) => (n % 2 === 0 ? turnsGreen : waits)(sim, repo, headSha)),
      );
      await calmIn(real, repo);
      for (const { headSha, n } of pulls)
        expect(theRun(sim, repo, headSha)).toMatchObject(
          n % 2 === 0 ? { conclusion: "success" } : { status: "in_progress", conclusion: null },
        );
      sim.webhook({ concurrency: 1 });
    },
  );

  it("sends GitHub nothing that its descriptions do not know", () => {
    expect(wire.heard()).toBeGreaterThan(20);
    expect(wire.problems()).toEqual([]);
  });
});
