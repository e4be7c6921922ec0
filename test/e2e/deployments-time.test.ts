import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  checkSays,
  deploymentOf,
  doorOf,
  inProduction,
  isHeld,
  knock,
  newShop,
  opens,
  ruled,
  says,
} from "./deployments-world.ts";
import { calm, runGatehouse, until, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];

/** Friday evening. Only the date is held: timers run on, and the gate looks at the date again every second. */
const friday = Date.parse("2026-03-27T20:00:00Z");

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: friday, shouldAdvanceTime: true });
  gatehouse = await runGatehouse();
  sim = gatehouse.sim;
});
beforeEach(() => void vi.setSystemTime(Math.max(friday, Date.now())));
afterEach(() => sim.clearFaults());
afterAll(async () => {
  await gatehouse.stop();
  vi.useRealTimers();
});

const hours =
  '\nwindows:\n  business-hours: { timezone: Europe/Berlin, open: [{ days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00" }] }\n';

describe("time passes", () => {
  it("what is held until Monday opens by itself, without an event, within a minute", async () => {
    const repo = newShop(
      sim,
      "monday",
      ruled([inProduction("hours", "window: business-hours")], hours),
    );
    const asked = knock(sim, repo);
    const door = await isHeld(sim, asked, /business-hours opens 2026-03-30 07:00 UTC/);
    expect(door.reports[0]).toContain("Gatehouse judges again by itself at 2026-03-30 07:00 UTC");
    await checkSays(
      sim,
      asked,
      "production",
      ({ status, title }) =>
        status === "in_progress" && title?.includes("2026-03-30 07:00") === true,
    );
    const opening = Date.parse("2026-03-30T07:00:00Z");
    vi.setSystemTime(opening - 3_000);
    expect(doorOf(sim, asked).state).toBe("waiting");
    await opens(sim, asked);
    const answered = deploymentOf(sim, repo, asked.id).updatedAt;
    expect(answered).toBeGreaterThanOrEqual(opening);
    console.info(`seconds from opening to approval: ${((Date.now() - opening) / 1000).toFixed(1)}`);
    expect(Date.now() - opening).toBeLessThan(60_000);
  });

  it("F32: a day before GitHub gives up on what is still held, people are told with the report that was kept for it", async () => {
    const repo = newShop(
      sim,
      "month",
      ruled([inProduction("release", "approvals: { count: 1, teams: [release] }")]),
    );
    const asked = knock(sim, repo);
    await isHeld(sim, asked, /Needs 1 approval/);
    // The check run follows the report: its age counts from before the clock is moved.
    await checkSays(sim, asked, "production", ({ status }) => status === "in_progress");
    await calm(gatehouse);
    vi.setSystemTime(Date.now() + 29 * 86_400_000 + 3_600_000);
    await isHeld(sim, asked, /GitHub gives up on this deployment at/);
    expect(doorOf(sim, asked).reports).toHaveLength(2);
    // A wait that outlives GitHub's 14 days for unfinished check runs was renewed.
    await until(
      "a renewed check run",
      () =>
        [
          ...(sim.world.repos.get(sim.world.repoNames.get(repo) ?? 0)?.checkRuns.values() ?? []),
        ].filter((run) => run.name === "gatehouse / production"),
      (runs) => runs.length === 2,
    );
    await says(gatehouse, asked, "approve", "bob");
    await opens(sim, asked);
  });

  it("a window that closes while a job runs takes nothing back; the next environment is judged anew", async () => {
    vi.setSystemTime(Date.parse("2026-05-04T14:59:50Z"));
    const repo = newShop(
      sim,
      "closing",
      ruled(
        [
          inProduction("hours", "window: business-hours"),
          '{ name: proven, when: { environments: ["production-50"] }, require: { promoted_from: { environment: production } } }',
        ],
        hours,
      ),
    );
    sim.environment({ repo, name: "production-50", gate: true });
    const first = knock(sim, repo);
    await opens(sim, first);
    vi.setSystemTime(Date.parse("2026-05-04T15:00:10Z"));
    sim.finishDeployment({ repo, deployment: first.id });
    const next = knock(sim, repo, { environment: "production-50" });
    await isHeld(sim, next, /business-hours opens 2026-05-05 07:00 UTC/);
    expect(doorOf(sim, first).state).toBe("approved");
  });
});
