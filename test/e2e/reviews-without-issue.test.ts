import { afterAll, beforeAll, expect, it } from "vitest";
import { doorOf, inProduction, issuesOf, knock, newShop, type Asked } from "./deployments-world.ts";
import { idle, runGatehouse, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
  ({ sim } = gatehouse);
});
afterAll(() => gatehouse.stop());

const policy = `version: 1
rules:
  - ${inProduction("release", "approvals: { count: 1, teams: [release] }")}
overrides:
  - { name: emergency, rules: [release], by: { users: [bob, carol] }, lasts: 4h, post_review: { within: 2d, users: [bob] } }
`;
const settle = (): Promise<void> => idle(gatehouse, 120_000);
const worldOf = (repo: string) => sim.world.repos.get(sim.world.repoNames.get(repo) ?? 0);
const saidOn = (repo: string, number: number): readonly string[] =>
  (worldOf(repo)?.issues.get(number)?.comments ?? []).map(({ body }) => body);

interface Change {
  readonly number: number;
  readonly asked: Asked;
}

/** A merged change whose deployment waits for somebody of the team. */
async function goesOut(repo: string, head: string): Promise<Change> {
  const { number } = sim.openPull({ repo, author: "ada", head, files: { [`${head}.ts`]: "2\n" } });
  await settle();
  const { sha } = sim.mergePull({ repo, number, by: "dave" });
  await settle();
  const asked = knock(sim, repo, { sha });
  await settle();
  return { number, asked };
}

async function says(repo: string, { number }: Change, by: string, body: string): Promise<void> {
  sim.comment({ repo, number, by, body });
  await settle();
}

const override = "/gate override emergency the shop is down";

it.each(["issues are switched off", "its issue was deleted"])(
  "a review that is owed where %s is done by a command, and the refusal says so",
  async (why) => {
    const isOff = why.includes("off");
    const repo = newShop(sim, isOff ? "no-issues" : "deleted-issue", policy);
    if (isOff) sim.editRepo({ repo, hasIssues: false, by: "carol" });
    const first = await goesOut(repo, "one");
    await says(repo, first, "bob", override);
    expect(doorOf(sim, first.asked).state).toBe("approved");
    sim.finishDeployment({ repo, deployment: first.asked.id });
    await settle();
    const issues = [...(worldOf(repo)?.issues.values() ?? [])].filter(({ isPull }) => !isPull);
    expect(issues).toHaveLength(isOff ? 0 : 1);
    for (const { number } of issues) worldOf(repo)?.issues.delete(number);
    gatehouse.advance(3 * 86_400_000);
    // It looks at what is owed, and asks again a few times before it takes an issue for gone.
    await gatehouse.restart();
    for (let minutes = 0; minutes < 6; minutes += 1) {
      await settle();
      gatehouse.advance(60_000);
    }
    await settle();
    // Whose review it is hears of it where the override was asked for.
    expect(
      saidOn(repo, first.number).filter((body) => body.includes("/gate reviewed")),
    ).toHaveLength(1);

    const second = await goesOut(repo, "two");
    await says(repo, second, "carol", override);
    expect(doorOf(sim, second.asked).state).toBe("waiting");
    expect(saidOn(repo, second.number).join("\n")).toMatch(
      /There is no issue for it: .*bob says what they found with .*\/gate reviewed emergency/,
    );
    await says(repo, second, "carol", "/gate reviewed emergency all is well");
    await says(repo, second, "carol", override);
    expect(doorOf(sim, second.asked).state).toBe("waiting");
    await says(repo, second, "bob", "/gate reviewed emergency the cache was full");
    await says(repo, second, "carol", override);
    expect(doorOf(sim, second.asked).state).toBe("approved");
    expect(issuesOf(sim, repo)).toHaveLength(isOff ? 0 : 1);
  },
  180_000,
);
