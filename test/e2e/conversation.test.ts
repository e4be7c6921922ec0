import { afterEach, describe, expect, it } from "vitest";
import { isHeld, knock, opens } from "./deployments-world.ts";
import { calm } from "./harness.ts";
import { peopleWorld, repo, type PeopleWorld } from "./people-world.ts";

let world: PeopleWorld;
afterEach(async () => {
  await world.gatehouse.stop();
});

const policy =
  "version: 1\nrules:\n  - name: release-approval\n    when: { environments: [production] }\n    require: { approvals: { count: 1, teams: [seniors] } }\n";

describe("where the commands of a deployment stand", () => {
  it("W35: of a commit that was pushed straight, on the pull request merged last; elsewhere nothing counts and it is said", async () => {
    world = await peopleWorld(policy);
    const { sim } = world;
    sim.environment({ repo, name: "production", gate: true });
    const old = world.open({ head: "old", files: { "src/old.ts": "1\n" } });
    sim.mergePull({ repo, number: old.number, by: "carol" });
    const newest = world.open();
    sim.mergePull({ repo, number: newest.number, by: "carol" });
    const { sha } = sim.commit({ repo, files: { "src/c.ts": "3\n" }, author: "ada" });
    await calm(world.gatehouse);
    const asked = knock(sim, repo, { sha, actor: "ada" });
    await isHeld(sim, asked, /Needs 1 approval/);
    await world.wordsSay(newest.number, /waits for people/);
    const elsewhere = world.say(old.number, "dora", "/gate approve production");
    await world.reacted(old.number, elsewhere, "confused");
    await world.wordsSay(old.number, /which this pull request did not bring/);
    const here = world.say(newest.number, "dora", "/gate approve production");
    await opens(sim, asked);
    await world.reacted(newest.number, here, "rocket");
  });

  it("W35: an approval by somebody who is barred gets no rocket, but a sentence why; the same before anything waits", async () => {
    world = await peopleWorld(policy.replace("teams: [seniors]", "teams: [seniors, writers]"));
    const { sim } = world;
    sim.team({ org: "acme", slug: "writers", members: ["ada", "carol"] });
    sim.environment({ repo, name: "production", gate: true });
    const { number } = world.open();
    sim.mergePull({ repo, number, by: "carol" });
    await calm(world.gatehouse);
    const early = world.say(number, "ada", "/gate approve production");
    await world.reacted(number, early, "confused");
    await world.wordsSay(number, /You had a hand in this change/);
    const id = sim.world.repoNames.get(repo) ?? 0;
    const sha = sim.world.repos.get(id)?.refs.get("refs/heads/main") ?? "";
    const asked = knock(sim, repo, { sha, actor: "carol" });
    await isHeld(sim, asked, /Needs 1 approval/);
    const wrote = world.say(number, "ada", "/gate approve production");
    await world.reacted(number, wrote, "confused");
    await world.wordsSay(
      number,
      /It does not count for production: who gave it opened a pull request that goes out/,
    );
    const requester = world.say(number, "carol", "/gate approve production");
    await world.reacted(number, requester, "confused");
    await world.wordsSay(
      number,
      /It does not count for production: who gave it asked for this deployment/,
    );
    const counted = world.say(number, "dora", "/gate approve production");
    await opens(sim, asked);
    await world.reacted(number, counted, "rocket");
    await calm(world.gatehouse);
    for (const comment of [early, wrote, requester])
      expect(world.reactions(number, comment)).not.toContain("rocket");
  });
});
