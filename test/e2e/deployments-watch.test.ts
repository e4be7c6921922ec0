import { afterAll, beforeAll, expect, it } from "vitest";
import { always, inProduction, issuesOf, newShop, ruled } from "./deployments-world.ts";
import { calm, startHouse, until, type House } from "./harness.ts";

let house: House;
beforeAll(async () => {
  house = await startHouse();
});
afterAll(() => house.stop());

it("T40: environments that do not ask the gate are found at the next look, each with one issue that says what to do", async () => {
  const { sim } = house;
  const repo = newShop(sim, "unasked", ruled([inProduction("hours", "window: always")], always));
  for (const name of ["production-eu", "prodution", "preview"])
    sim.environment({ repo, name, gate: false });
  await calm(house);
  await house.restart();
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
  await house.restart();
  await calm(house);
  expect(issuesOf(sim, repo)).toHaveLength(2);
});
