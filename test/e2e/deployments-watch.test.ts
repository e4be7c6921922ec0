import { afterAll, beforeAll, expect, it } from "vitest";
import { always, inProduction, issuesOf, newShop, ruled } from "./deployments-world.ts";
import { calm, runGatehouse, until, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
});
afterAll(() => gatehouse.stop());

it("T40: environments that do not ask the gate are found at the next look, each with one issue that says what to do", async () => {
  const { sim } = gatehouse;
  const repo = newShop(sim, "unasked", ruled([inProduction("hours", "window: always")], always));
  for (const name of ["production-eu", "prodution", "preview"])
    sim.environment({ repo, name, gate: false });
  await calm(gatehouse);
  await gatehouse.restart();
  const issues = await until(
    "two reviews",
    () => issuesOf(sim, repo),
    (found) => found.length === 2,
    30_000,
  );
  expect(issues.map(({ title }) => title).sort()).toEqual([
    "Review: production-eu does not ask the gate",
    "Review: prodution does not ask the gate",
  ]);
  expect(
    issues.every(
      ({ body }) =>
        body?.includes("An administrator switches the Gatehouse protection rule on") === true,
    ),
  ).toBe(true);
  await gatehouse.restart();
  await calm(gatehouse);
  expect(issuesOf(sim, repo)).toHaveLength(2);
});
