import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  always,
  checkSays,
  doorOf,
  inProduction,
  isHeld,
  knock,
  newShop,
  opens,
  ruled,
  says,
  type Asked,
} from "./deployments-world.ts";
import { impatiently, inDatabase } from "./fault-world.ts";
import { calm, checkRunsOn, runGatehouse, until, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];

beforeAll(async () => {
  gatehouse = await runGatehouse({ patience: { requestTimeoutMs: 500 }, skipsWaits: true });
  sim = gatehouse.sim;
});
afterEach(() => {
  sim.clearFaults();
  sim.clearDeliveryFaults();
});
afterAll(async () => {
  await gatehouse.stop();
});

const opened = ruled([inProduction("hours", "window: always")], always);
const released = ruled([inProduction("release", "approvals: { count: 1, teams: [release] }")]);
const soon = <T>(wanted: Promise<T>): Promise<T> =>
  impatiently(gatehouse.settings.databaseUrl, wanted);

const answersTo = ({ repo, run }: Asked): readonly unknown[] =>
  sim.calls.filter(
    (call) =>
      call.method === "POST" &&
      call.path === `/repos/${repo}/actions/runs/${run}/deployment_protection_rule` &&
      (call.body as { readonly state?: string }).state !== undefined,
  );

describe("deployments in trouble", () => {
  it("F1: a question delivered five times gets one answer", async () => {
    const repo = newShop(sim, "five", opened);
    await calm(gatehouse);
    sim.deliveryFault({ event: "deployment_protection_rule", duplicate: 5, times: 1 });
    const asked = knock(sim, repo);
    await opens(sim, asked);
    await calm(gatehouse);
    expect(answersTo(asked)).toHaveLength(1);
    expect(
      checkRunsOn(sim, repo, asked.sha).filter(({ name }) => name === "gatehouse / production"),
    ).toHaveLength(1);
  });

  it.each([
    ["the run", "GET", /\/actions\/runs\/\d+$/],
    ["the answer", "POST", /\/deployment_protection_rule$/],
  ])("one 404 for %s is not the end of a deployment that waits", async (what, method, path) => {
    const repo = newShop(sim, `lag-${what.replace(" ", "-")}`, opened);
    await calm(gatehouse);
    sim.fault({ match: { method, path }, status: 404, times: 1 });
    const asked = knock(sim, repo);
    await soon(opens(sim, asked));
    expect(answersTo(asked).length).toBeGreaterThan(0);
  });

  it("F5: a question that was never sent is found at the next start, and answered once", async () => {
    const repo = newShop(sim, "unsent", opened);
    await calm(gatehouse);
    sim.deliveryFault({ event: "deployment_protection_rule", suppress: true, times: 1 });
    const asked = knock(sim, repo);
    await calm(gatehouse);
    expect(doorOf(sim, asked).state).toBe("waiting");
    await gatehouse.restart();
    await opens(sim, asked, 30_000);
    expect(answersTo(asked)).toHaveLength(1);
  });

  it("F5: a run that waits at a door which is not ours is left alone", async () => {
    const repo = newShop(sim, "theirs", opened);
    sim.environment({ repo, name: "manual", reviewers: { users: ["bob"] } });
    const asked = knock(sim, repo, { environment: "manual" });
    await calm(gatehouse);
    await gatehouse.restart();
    await calm(gatehouse);
    expect(answersTo(asked)).toHaveLength(0);
  });

  it("F31: a verdict whose answer was lost stands, and is not an error", async () => {
    const repo = newShop(sim, "lost", opened);
    await calm(gatehouse);
    sim.fault({
      match: { method: "POST", path: "/deployment_protection_rule" },
      loseAnswer: true,
      times: 1,
    });
    const asked = knock(sim, repo);
    await opens(sim, asked);
    await soon(checkSays(sim, asked, "production", ({ conclusion }) => conclusion === "success"));
    expect(doorOf(sim, asked).verdicts).toHaveLength(1);
  });

  it("F9: a gate that stops between its answer and its note takes the answer as given", async () => {
    const repo = newShop(sim, "cut", opened);
    await calm(gatehouse);
    sim.fault({
      match: { method: "POST", path: "/deployment_protection_rule" },
      loseAnswer: true,
      times: 1,
    });
    sim.fault({ match: { method: "GET", path: "/pending_deployments" }, status: 503 });
    const asked = knock(sim, repo);
    await opens(sim, asked);
    await gatehouse.restart();
    sim.clearFaults();
    await soon(checkSays(sim, asked, "production", ({ conclusion }) => conclusion === "success"));
    expect(doorOf(sim, asked).verdicts).toHaveLength(1);
  });

  it("F10: what cannot be judged is held and tried again; nothing is approved on missing evidence", async () => {
    const repo = newShop(sim, "sick", opened);
    await calm(gatehouse);
    sim.fault({ match: { method: "GET", path: /\/actions\/runs\/\d+$/ }, status: 500 });
    const asked = knock(sim, repo);
    await soon(isHeld(sim, asked, /Could not be judged yet: GitHub did not answer/));
    sim.clearFaults();
    await soon(opens(sim, asked));
  });

  it("F13: a team that cannot be read never opens", async () => {
    const repo = newShop(sim, "blind", released);
    await calm(gatehouse);
    sim.fault({ match: { path: "/orgs/acme/teams/release" }, status: 404 });
    const asked = knock(sim, repo);
    await isHeld(sim, asked, /Needs 1 approval/);
    await says(gatehouse, asked, "approve", "bob");
    await until(
      "an unknown verdict",
      () =>
        checkRunsOn(sim, repo, asked.sha).find(({ name }) => name === "gatehouse / production")
          ?.summary ?? "",
      (summary) => summary.includes("unknown"),
    );
    expect(doorOf(sim, asked).state).toBe("waiting");
    sim.clearFaults();
    await says(gatehouse, asked, "approve", "bob");
    await opens(sim, asked, 40_000);
  });

  it("F32: a wake-up that an outage swallowed is made good at the next start", async () => {
    const repo = newShop(sim, "outage", opened);
    const first = knock(sim, repo);
    await opens(sim, first);
    const end = gatehouse.now() + 4_000;
    await says(gatehouse, first, "freeze", "bob", {
      sha: null,
      name: "short",
      detail: { from: null, until: end },
      expiresAt: end,
    });
    const asked = knock(sim, repo);
    await isHeld(sim, asked, /freeze short is on until/);
    const forget = () =>
      inDatabase(
        gatehouse.settings.databaseUrl,
        (db) =>
          db
            .prepare("delete from queue where state = 'waiting' and key like ?")
            .run(`dep:%:${asked.id}:%`).changes,
      );
    await until("a lost wake-up", forget, (changes) => changes === 1);
    gatehouse.advance(4_001);
    expect(doorOf(sim, asked).state).toBe("waiting");
    await gatehouse.restart();
    await opens(sim, asked);
    expect(gatehouse.now() - end).toBeLessThan(60_000);
  });

  it("F3: statuses that arrive backwards promote all the same", async () => {
    const repo = newShop(
      sim,
      "backwards",
      ruled([inProduction("proven", "promoted_from: { environment: staging }")]),
    );
    const ring = knock(sim, repo, { environment: "staging" });
    await opens(sim, ring);
    await calm(gatehouse);
    sim.holdWebhooks();
    sim.finishDeployment({ repo, deployment: ring.id });
    const asked = knock(sim, repo);
    sim.releaseWebhooks({ order: "reversed" });
    await opens(sim, asked);
  });

  it("a run that is cancelled while it waits is let go without a verdict", async () => {
    const repo = newShop(sim, "cancelled", released);
    const asked = knock(sim, repo);
    await isHeld(sim, asked, /Needs 1 approval/);
    const run = sim.world.repos.get(sim.world.repoNames.get(repo) ?? 0)?.runs.get(asked.run);
    if (run === undefined) throw new Error("unreachable");
    run.status = "completed";
    run.conclusion = "cancelled";
    await says(gatehouse, asked, "approve", "bob");
    await calm(gatehouse);
    expect(answersTo(asked)).toHaveLength(0);
  });
});
