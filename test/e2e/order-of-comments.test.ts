import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { doorOf, isHeld, knock, opens } from "./deployments-world.ts";
import { dueNow } from "./fault-world.ts";
import { calm, checkRunsOn, until } from "./harness.ts";
import { peopleWorld, repo, type PeopleWorld } from "./people-world.ts";

const policy = `version: 1
rules:
  - { name: titled, require: { title: { pattern: "^feat: " } } }
  - { name: shut, when: { environments: ["production*"] }, require: { window: never } }
  - { name: agreed, when: { environments: [live] }, require: { approvals: { count: 1, teams: [seniors] } } }
windows:
  never: { timezone: UTC, open: [{ days: [mon, tue, wed, thu, fri, sat, sun], from: "23:59", to: "24:00" }] }
overrides:
  - { name: emergency, rules: [shut], by: { teams: [commanders] }, lasts: 4h }
  - { name: hotfix, rules: [titled], by: { teams: [commanders] }, lasts: 4h }
freezers: { teams: [seniors] }
`;

let world: PeopleWorld;
beforeAll(async () => {
  world = await peopleWorld(policy);
  for (const name of ["production", "production EU", "staging", "live"])
    world.sim.environment({ repo, name, gate: true });
});
afterAll(async () => {
  await world.gatehouse.stop();
});

/** Somebody says it, and GitHub tells nobody. */
async function lost(say: () => number): Promise<number> {
  await world.sim.settled();
  world.sim.deliveryFault({ suppress: true });
  const id = say();
  await world.sim.settled();
  world.sim.clearDeliveryFaults();
  return id;
}

const swept = () => dueNow(world.gatehouse.settings.databaseUrl, "sweep-activity");
const greens = (sha: string) =>
  checkRunsOn(world.sim, repo, sha).filter(
    ({ name, conclusion }) => name === "gatehouse" && conclusion === "success",
  );

describe("words in GitHub's order", () => {
  it("W30: a hold that was said last stands, though the /unhold before it is heard after it", async () => {
    const { number, headSha } = world.open({ head: "late", files: { "src/late.ts": "1\n" } });
    await world.green(headSha);
    await world.reacted(number, world.say(number, "bob", "/gate hold legal"), "rocket");
    const unhold = await lost(() => world.say(number, "bob", "/gate unhold"));
    await world.reacted(number, world.say(number, "carol", "/gate hold no, really"), "rocket");
    await swept();
    await world.reacted(number, unhold, "rocket");
    await calm(world.gatehouse);
    expect(greens(headSha)).toEqual([]);
    await world.wordsSay(number, /said after it \(hold\) stands/);
  });

  it("W30: an override that was taken back before it was heard lets nothing through", async () => {
    const { number, headSha } = world.open({
      head: "back",
      title: "no prefix",
      files: { "src/back.ts": "1\n" },
    });
    await calm(world.gatehouse);
    const asked = await lost(() => world.say(number, "bob", "/gate override hotfix shop is down"));
    await world.reacted(number, world.say(number, "bob", "/gate override-cancel"), "confused");
    await swept();
    await world.reacted(number, asked, "confused");
    await calm(world.gatehouse);
    expect(greens(headSha)).toEqual([]);
  });

  it("W2: a freeze after an unfreeze of one comment holds; an emergency is for the environment that is named", async () => {
    const { number } = world.open({ head: "froze", files: { "src/froze.ts": "1\n" } });
    const { sha } = world.sim.mergePull({ repo, number, by: "carol", method: "squash" });
    await calm(world.gatehouse);
    await world.reacted(number, world.say(number, "dora", "/gate freeze staging books"), "rocket");
    const both = world.say(
      number,
      "dora",
      "/gate unfreeze staging wrong name\n/gate freeze staging as month-end books close",
    );
    await world.reacted(number, both, "rocket");
    const staging = knock(world.sim, repo, { environment: "staging", sha, actor: "carol" });
    await isHeld(world.sim, staging, /month-end/);
    const first = knock(world.sim, repo, { environment: "production", sha, actor: "dora" });
    await isHeld(world.sim, first, /window/i);
    const second = knock(world.sim, repo, { environment: "production EU", sha, actor: "dora" });
    await isHeld(world.sim, second, /window/i);
    world.say(number, "bob", "/gate emergency production EU is down");
    await opens(world.sim, second);
    await calm(world.gatehouse);
    expect(doorOf(world.sim, first).state).toBe("waiting");
    world.say(number, "dora", "/gate unfreeze month-end over");
    await opens(world.sim, staging);
  });

  it("W30: a /hold of which nobody was told is found behind forty comments of talk", async () => {
    const { number, headSha } = world.open({ head: "talk", files: { "src/talk.ts": "1\n" } });
    await world.green(headSha);
    const hold = await lost(() => {
      const id = world.say(number, "bob", "/gate hold legal has to look");
      for (let each = 0; each < 40; each += 1)
        world.say(number, "carol", `and another thing ${each}`);
      return id;
    });
    await swept();
    await world.reacted(number, hold, "rocket");
    await until(
      "no green",
      () => greens(headSha),
      (found) => found.length === 0,
    );
  });

  it("W43: a command in the body of a review of which nobody was told is found", async () => {
    const { number, headSha } = world.open({ head: "body", files: { "src/body.ts": "1\n" } });
    await world.green(headSha);
    await lost(
      () =>
        world.sim.review({
          repo,
          number,
          by: "bob",
          state: "comment",
          body: "/gate hold legal has to look",
        }).id,
    );
    await swept();
    await until(
      "no green",
      () => greens(headSha),
      (found) => found.length === 0,
    );
    await world.wordsSay(number, /done/);
  });

  it("W31: Approve on the check run of another commit of one pull request is another word", async () => {
    const { number } = world.open({ head: "twice", files: { "src/twice.ts": "1\n" } });
    const first = world.sim.mergePull({ repo, number, by: "carol", method: "squash" }).sha;
    await calm(world.gatehouse);
    const second = world.sim.commit({
      repo,
      branch: "main",
      files: { "src/direct.ts": "1\n" },
      author: "carol",
    }).sha;
    await calm(world.gatehouse);
    for (const sha of [first, second]) {
      const door = knock(world.sim, repo, { environment: "live", sha, actor: "carol" });
      await isHeld(world.sim, door, /Needs 1 approval/);
      const run = await until(
        "the check run",
        () => checkRunsOn(world.sim, repo, sha).find(({ name }) => name === "gatehouse / live"),
        (found) => found !== undefined,
      );
      world.sim.pressCheck({ repo, id: run?.id ?? 0, by: "dora", identifier: "approve:0" });
      await opens(world.sim, door);
    }
  });
});
