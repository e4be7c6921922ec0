import { copyFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { openRecords } from "#io/database/store/open-for-reading.ts";
import { sweep } from "../walk/sweep.ts";
import {
  actsOf,
  deploymentOf,
  type Asked,
  always,
  doorOf,
  issuesOf,
  knock,
  newShop,
  opens,
  ruled,
} from "./deployments-world.ts";
import { calm, runGatehouse, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ patience: { requestTimeoutMs: 500 }, skipsWaits: true });
});
afterEach(() => gatehouse.sim.clearFaults());
afterAll(() => gatehouse.stop());

const promoted = ruled(
  [
    "{ name: staged, when: { environments: [staging] }, require: { window: always } }",
    "{ name: proven, when: { environments: [production] }, require: { promoted_from: { environment: staging } } }",
  ],
  always,
);
/** GitHub's Actions write the address of the job into each status; by it alone a deployment is known to be a run's. */
function namesItsRun({ repo, id, run }: Asked): void {
  const { statuses } = deploymentOf(gatehouse.sim, repo, id);
  const logUrl = `https://github.test/${repo}/actions/runs/${run}/job/1`;
  statuses.splice(0, statuses.length, ...statuses.map((status) => ({ ...status, logUrl })));
}
const bypassesOf = async (sha: string): Promise<readonly string[]> =>
  (await actsOf(gatehouse, ["bypass"])).flatMap((act) => (act.sha === sha ? [act.reason] : []));

it.each(["after the restore", "before it"])(
  "what was approved between a backup and its restore went out through the gate, and proves so: it ended %s",
  async (when) => {
    const { sim, settings } = gatehouse;
    const isBefore = when === "before it";
    const repo = newShop(sim, isBefore ? "put-back-ended" : "put-back", promoted);
    const before = knock(sim, repo, { environment: "staging" });
    await opens(sim, before);
    sim.finishDeployment({ repo, deployment: before.id });
    await calm(gatehouse);
    const path = settings.databaseUrl.slice("file:".length);
    const copy = join(dirname(path), `copy-${repo.replace("/", "-")}.db`);
    const live = await openRecords(settings.databaseUrl);
    await live.backup(copy);
    await live.close();
    const { sha } = sim.commit({ repo, files: { "src/a.ts": "2\n" }, author: "ada" });
    const after = knock(sim, repo, { environment: "staging", sha });
    await opens(sim, after);
    if (isBefore) sim.finishDeployment({ repo, deployment: after.id });
    namesItsRun(after);
    await calm(gatehouse);
    await gatehouse.restart(5000, () => {
      for (const beside of ["", "-wal", "-shm"]) rmSync(`${path}${beside}`, { force: true });
      copyFileSync(copy, path);
    });
    await sweep(gatehouse);
    if (!isBefore) sim.finishDeployment({ repo, deployment: after.id });
    await calm(gatehouse);
    gatehouse.advance(60_000);
    await calm(gatehouse);
    expect(await bypassesOf(sha)).toEqual([]);
    expect(issuesOf(sim, repo)).toEqual([]);
    const next = knock(sim, repo, { sha });
    await calm(gatehouse);
    expect(doorOf(sim, next).state).toBe("approved");
  },
  120_000,
);

it("an approval that GitHub took and whose answer was lost is no bypass, though GitHub does not tell for a while", async () => {
  const { sim } = gatehouse;
  const repo = newShop(sim, "answer-lost", promoted);
  await calm(gatehouse);
  sim.fault({
    match: { method: "POST", path: "/deployment_protection_rule" },
    loseAnswer: true,
    times: 1,
  });
  sim.fault({ match: { method: "GET", path: "/pending_deployments" }, status: 503 });
  sim.fault({ match: { method: "GET", path: "/approvals" }, status: 503 });
  const asked = knock(sim, repo, { environment: "staging" });
  await opens(sim, asked);
  for (let passed = 0; passed < 8; passed += 1) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    gatehouse.advance(3_000);
  }
  sim.clearFaults();
  await calm(gatehouse);
  gatehouse.advance(60_000);
  await calm(gatehouse);
  expect(await bypassesOf(asked.sha)).toEqual([]);
  expect(issuesOf(sim, repo)).toEqual([]);
  sim.finishDeployment({ repo, deployment: asked.id });
  await calm(gatehouse);
  const next = knock(sim, repo, { sha: asked.sha });
  await calm(gatehouse);
  expect(doorOf(sim, next).state).toBe("approved");
}, 120_000);
