import { afterEach, describe, expect, it } from "vitest";
import { doorOf, isHeld, knock, opens } from "./deployments-world.ts";
import { calm, until } from "./harness.ts";
import { peopleWorld, repo, type PeopleWorld } from "./people-world.ts";

let world: PeopleWorld;
afterEach(async () => {
  await world.gatehouse.stop();
});

const policy =
  "version: 1\nrules:\n  - name: release-approval\n    when: { environments: [production] }\n    require: { approvals: { count: 1, teams: [seniors] } }\noverrides:\n  - name: emergency\n    rules: [release-approval]\n    by: { teams: [commanders] }\n";

describe("what an override is bound to", () => {
  it("W27: of two deployments that wait, an override lets one through, and the next asks anew", async () => {
    world = await peopleWorld(policy);
    const { sim } = world;
    sim.environment({ repo, name: "production", gate: true });
    const { number } = world.open();
    const { sha } = sim.mergePull({ repo, number, by: "carol" });
    await calm(world.gatehouse);
    const first = knock(sim, repo, { sha, actor: "ada" });
    const second = knock(sim, repo, { sha, actor: "ada" });
    await isHeld(sim, first, /Needs 1 approval/);
    await isHeld(sim, second, /Needs 1 approval/);
    await calm(world.gatehouse);
    world.say(number, "bob", "/gate emergency the shop is down");
    await opens(sim, first);
    await world.wordsSay(number, /for the one deployment to production that waits/);
    await calm(world.gatehouse);
    expect(doorOf(sim, second).state).toBe("waiting");
    world.say(number, "bob", "/gate emergency and the other one too");
    await opens(sim, second);
  });

  it("W27: an override from before the merge lets one deployment through, however many ask at once", async () => {
    world = await peopleWorld(
      policy
        .replace("[release-approval]\n    by", "[release-approval, reviewed]\n    by")
        .replace(
          "rules:\n",
          "rules:\n  - name: reviewed\n    require: { reviews: { approvals: 1 } }\n",
        ),
    );
    const { sim } = world;
    sim.environment({ repo, name: "production", gate: true });
    const { number, headSha } = world.open();
    await world.waiting(headSha);
    world.say(number, "bob", "/gate emergency the shop is down");
    await world.green(headSha, /override emergency/);
    const { sha } = sim.mergePull({ repo, number, by: "carol" });
    await calm(world.gatehouse);
    const asked = [1, 2, 3].map(() => knock(sim, repo, { sha, actor: "ada" }));
    const states = () => asked.map((each) => doorOf(sim, each).state);
    await until("one approval", states, (seen) => seen.includes("approved"));
    await calm(world.gatehouse);
    expect(states().filter((state) => state === "approved")).toHaveLength(1);
  });

  it("W27: a label binds to the head that GitHub showed, not to the one that came before we looked", async () => {
    world = await peopleWorld();
    const { sim } = world;
    const { number, headSha } = world.open();
    await world.waiting(headSha);
    await calm(world.gatehouse);
    sim.deliveryFault({ event: "pull_request", action: "synchronize", delayMs: 4000, times: 1 });
    sim.label({ repo, number, label: "emergency", by: "bob" });
    sim.commit({ repo, branch: "topic", files: { "src/b.ts": "1\n" }, author: "ada" });
    await until(
      "no label",
      () => world.labelsOn(number),
      (labels) => !labels.includes("emergency"),
    );
    await world.wordsSay(number, /emergency/);
  });
});
