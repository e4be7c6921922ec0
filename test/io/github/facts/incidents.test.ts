import { afterEach, beforeEach, expect, it } from "vitest";
import { openIncidents } from "#core/facts/incidents.ts";
import { evidenceWorld, repo, type EvidenceWorld } from "./evidence/evidence-world.ts";
import { valueOf } from "./simulated.ts";

let world: EvidenceWorld;
beforeEach(async () => {
  world = await evidenceWorld();
});
afterEach(() => world.stop());

const numbers = async (): Promise<readonly (number | null)[]> =>
  valueOf(
    await world.fact(openIncidents.need({ repository: null, labels: ["incident", "outage"] })),
  ).map(({ number }) => number);
const report = (label: string): number => {
  const { number } = world.sim.openIssue({ repo, title: "Down", by: "bob", labels: [label] });
  return number;
};

it("many who ask within a moment share one answer, an event makes it another, and so does time", async () => {
  const first = report("incident");
  expect(await numbers()).toEqual([first]);
  const second = report("outage");
  expect(await numbers()).toEqual([first]);
  world.facts.forget({
    name: "issues.labeled",
    installationId: world.repository.installationId,
    repository: {
      id: world.repository.id,
      owner: "acme",
      ownerId: 1,
      ownerType: "Organization",
      name: "shop",
      private: false,
      defaultBranch: "main",
      archived: false,
    },
  });
  expect(await numbers()).toEqual([first, second]);
  const third = report("incident");
  expect(await numbers()).toEqual([first, second]);
  world.sim.advance(30_000);
  expect(await numbers()).toEqual([first, second, third]);
});
