import { afterEach, describe, expect, it } from "vitest";
import {
  deploymentOf,
  doorOf,
  isHeld,
  knock,
  newShop,
  opens,
  ruled,
  inProduction,
  type Asked,
} from "./deployments-world.ts";
import { calm, runGatehouse, until, type Gatehouse } from "./harness.ts";

const day = 86_400_000;
let gatehouse: Gatehouse;
afterEach(() => gatehouse.stop());

/** GitHub's clock and that of the gate are so far apart: the gate runs under its own. */
async function apart(aheadMs: number): Promise<Gatehouse["sim"]> {
  gatehouse = await runGatehouse({ githubAheadMs: aheadMs });
  return gatehouse.sim;
}

const released = inProduction("release", "approvals: { count: 1, teams: [release] }");

/** A pull request that somebody merged, and the commit it became asks for production. */
async function merged(repo: string): Promise<{ readonly number: number; readonly asked: Asked }> {
  const { sim } = gatehouse;
  const { number } = sim.openPull({
    repo,
    author: "ada",
    head: "topic",
    title: "feat: a",
    files: { "src/b.ts": "1\n" },
  });
  await calm(gatehouse);
  sim.mergePull({ repo, number, by: "carol" });
  await calm(gatehouse);
  return { number, asked: knock(sim, repo) };
}

describe.each([
  { what: "GitHub is 240 days behind", ahead: -240 * day },
  { what: "GitHub is 240 days ahead", ahead: 240 * day },
])("clocks that are apart: $what", ({ ahead }) => {
  it("a freeze that a person makes holds until its end by our clock, and lets go by itself", async () => {
    const sim = await apart(ahead);
    const repo = newShop(
      sim,
      "frozen",
      `${ruled([inProduction("window", "window: always")], '\nwindows:\n  always: { timezone: UTC, open: [{ days: [mon, tue, wed, thu, fri, sat, sun], from: "00:00", to: "24:00" }] }\n')}freezers: { teams: [release] }\n`,
    );
    const { number, asked: first } = await merged(repo);
    await opens(sim, first);
    const end = Math.ceil((gatehouse.now() + 6_000) / 1000) * 1000;
    sim.comment({
      repo,
      number,
      by: "bob",
      body: `/gate freeze production until ${new Date(end).toISOString().replace(".000", "")} moving house`,
    });
    await until(
      "a freeze",
      () =>
        sim.calls.some(
          (call) =>
            call.path.endsWith("/reactions") && JSON.stringify(call.body).includes("rocket"),
        ),
      (done) => done,
    );
    const asked = knock(sim, repo);
    await isHeld(sim, asked, /freeze production is on until/);
    await opens(sim, asked, 30_000);
    expect(gatehouse.now()).toBeGreaterThanOrEqual(end);
  });

  it("an approval counts at once, a /reject ends what waits, and an emergency lasts as long as it says", async () => {
    const sim = await apart(ahead);
    const repo = newShop(
      sim,
      "words",
      `${ruled([released])}overrides:\n  - { name: emergency, rules: [release], by: { teams: [release] }, lasts: 4h }\n`,
    );
    const { number, asked } = await merged(repo);
    await isHeld(sim, asked, /Needs 1 approval/);
    sim.comment({ repo, number, by: "bob", body: "/gate approve production" });
    await opens(sim, asked);
    sim.finishDeployment({ repo, deployment: asked.id });
    await calm(gatehouse);
    // Approved is approved for this commit: a second time it is rejected, by the word that came after the question.
    sim.environment({ repo, name: "production-eu", gate: true });
    const second = knock(sim, repo, { environment: "production-eu" });
    await isHeld(sim, second, /Needs 1 approval/);
    sim.comment({ repo, number, by: "carol", body: "/gate reject production-eu not today" });
    await until(
      "a rejection",
      () => doorOf(sim, second).state,
      (state) => state === "rejected",
    );
    sim.environment({ repo, name: "production-us", gate: true });
    const third = knock(sim, repo, { environment: "production-us" });
    await isHeld(sim, third, /Needs 1 approval/);
    sim.comment({ repo, number, by: "bob", body: "/gate emergency the shop is down" });
    await opens(sim, third);
  });

  it("a bake takes its time by our clock", async () => {
    const sim = await apart(ahead);
    const repo = newShop(
      sim,
      "bakes",
      ruled([inProduction("proven", "promoted_from: { environment: staging, bake: 4s }")]),
    );
    const ring = knock(sim, repo, { environment: "staging" });
    await opens(sim, ring);
    sim.finishDeployment({ repo, deployment: ring.id });
    await calm(gatehouse);
    const asked = knock(sim, repo);
    await isHeld(sim, asked, /Bakes in staging until/);
    const from = gatehouse.now();
    await opens(sim, asked);
    expect(gatehouse.now() - from).toBeGreaterThan(1_000);
  });

  it("F32: what was asked while nobody listened is found, held and not taken for thirty days old", async () => {
    const sim = await apart(ahead);
    const repo = newShop(sim, "found", ruled([released]));
    await calm(gatehouse);
    sim.deliveryFault({ event: "deployment_protection_rule", suppress: true, times: 1 });
    const asked = knock(sim, repo);
    await calm(gatehouse);
    await gatehouse.restart();
    await isHeld(sim, asked, /Needs 1 approval/);
    expect(deploymentOf(sim, repo, asked.id).gate?.state).toBe("waiting");
    expect(doorOf(sim, asked).reports).toHaveLength(1);
  });
});
