import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { doorOf, isHeld, knock, opens } from "./deployments-world.ts";
import { calm, checkRunsOn, until } from "./harness.ts";
import { peopleWorld, repo, type PeopleWorld } from "./people-world.ts";

const inThreeDays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"][
  (new Date().getUTCDay() + 3) % 7
];

const policy = `version: 1
rules:
  - name: titled
    require: { title: { pattern: "^feat: " } }
  - name: proven
    when: { environments: [live] }
    require: { promoted_from: { environment: staging } }
  - name: staged
    when: { environments: [staging, again] }
    require: { not_frozen: true }
  - name: shut
    when: { environments: ["night*"] }
    require: { window: later }
  - name: proven-again
    when: { environments: [beyond] }
    require: { promoted_from: { environment: again } }
windows:
  later: { timezone: UTC, open: { days: [${inThreeDays}], from: "10:00", to: "11:00" } }
overrides:
  - { name: late, rules: [shut], by: { teams: [commanders] }, lasts: 4h }
`;

let world: PeopleWorld;
beforeAll(async () => {
  world = await peopleWorld(policy);
  for (const name of ["staging", "again", "beyond", "live", "night", "night EU", "policy"])
    world.sim.environment({ repo, name, gate: true });
});
afterAll(async () => {
  await world.gatehouse.stop();
});

let changes = 0;

/** A change merged by carol; a rebase makes two commits of it. */
async function merged(method: "squash" | "rebase" = "squash") {
  changes += 1;
  const head = `topic-${changes}`;
  const { sim } = world;
  const { number } = world.open({ head, files: { [`src/n${changes}.ts`]: `${changes}\n` } });
  if (method === "rebase")
    sim.commit({ repo, branch: head, files: { [`src/m${changes}.ts`]: "1\n" }, author: "ada" });
  const { sha } = sim.mergePull({ repo, number, by: "carol", method });
  await calm(world.gatehouse);
  return { number, sha };
}

const asks = (environment: string, sha: string) =>
  knock(world.sim, repo, { environment, sha, actor: "carol" });

describe("what a deployment's success is proven by", () => {
  it.each(["failed", "still runs"])(
    "W22: one whose job %s is no success because a person says so",
    async (how) => {
      const { sim } = world;
      const { sha } = await merged();
      const staging = asks("staging", sha);
      await opens(sim, staging);
      if (how === "failed")
        sim.finishDeployment({ repo, deployment: staging.id, state: "failure" });
      await calm(world.gatehouse);
      sim.deploymentStatus({ repo, deployment: staging.id, state: "success", by: "ada" });
      await calm(world.gatehouse);
      await isHeld(sim, asks("live", sha), /staging/);
      if (how === "failed") return;
      sim.finishDeployment({ repo, deployment: staging.id });
      await calm(world.gatehouse);
      await opens(sim, asks("live", sha));
    },
  );

  it("W22: it opens no fast lane, either", async () => {
    const { sim } = world;
    const { number, sha } = await merged();
    const first = asks("night", sha);
    await isHeld(sim, first, /window/i);
    world.say(number, "bob", "/gate override late the shop is down");
    await opens(sim, first);
    sim.finishDeployment({ repo, deployment: first.id, state: "failure" });
    await calm(world.gatehouse);
    sim.deploymentStatus({ repo, deployment: first.id, state: "success", by: "ada" });
    await calm(world.gatehouse);
    await isHeld(sim, asks("night", sha), /window/i);
  });

  it("W22: a failure there counts, in whatever case the environment was spelt", async () => {
    const { sim } = world;
    const { sha } = await merged();
    const good = asks("again", sha);
    await opens(sim, good);
    sim.finishDeployment({ repo, deployment: good.id });
    await calm(world.gatehouse);
    const found = sim.world.repos.get(sim.world.repoNames.get(repo) ?? 0);
    const environment = found?.environments.get("again");
    if (environment === undefined) throw new Error("no such environment");
    found?.environments.set("again", { ...environment, name: "Again" });
    const bad = asks("Again", sha);
    await opens(sim, bad);
    sim.finishDeployment({ repo, deployment: bad.id, state: "failure" });
    await calm(world.gatehouse);
    await isHeld(sim, asks("beyond", sha), /again/i);
  });
});

describe("which deployments a word on a pull request reaches", () => {
  it("W27: an override asked for while nothing waits lets exactly one through, and says so", async () => {
    const { sim } = world;
    const { number, sha } = await merged();
    world.say(number, "bob", "/gate override late the night is long");
    await world.wordsSay(number, /exactly one through, to whichever environment/);
    await calm(world.gatehouse);
    const asked = [asks("night", sha), asks("night EU", sha)];
    const states = () => asked.map((each) => doorOf(sim, each).state);
    await until("one approval", states, (seen) => seen.includes("approved"));
    await calm(world.gatehouse);
    expect(states().toSorted()).toEqual(["approved", "waiting"]);
  });

  it("W21: a hold on a pull request that was rebased holds each commit that it became", async () => {
    const { sim } = world;
    const { number, sha } = await merged("rebase");
    const first = sim.world.git.commits.get(sha)?.parents[0] ?? "";
    const hold = world.say(number, "bob", "/gate hold legal has to look");
    await world.reacted(number, hold, "rocket");
    const asked = [asks("staging", first), asks("staging", sha)];
    for (const each of asked) await isHeld(sim, each, /hold/i);
    await calm(world.gatehouse);
    expect(asked.map((each) => doorOf(sim, each).state)).toEqual(["waiting", "waiting"]);
    const lifted = world.say(number, "bob", "/gate unhold");
    await world.reacted(number, lifted, "rocket");
    for (const each of asked) await opens(sim, each);
  });

  it("W47: a deployment to an environment called policy leaves the check run of policies alone", async () => {
    const { sim } = world;
    const { headSha } = world.open({
      head: "broken-policy",
      files: { ".github/gatehouse.yml": "version: 1\nrules: [{ nome: x }]\n" },
    });
    const named = (name: string) =>
      checkRunsOn(sim, repo, headSha).filter((run) => run.name === name);
    await until(
      "the check run of the policy",
      () => named("gatehouse / policy"),
      (runs) => runs.some(({ conclusion }) => conclusion === "failure"),
    );
    await opens(sim, asks("policy", headSha));
    await until(
      "the check run of the environment",
      () => named("gatehouse / policy (environment)"),
      (runs) => runs.some(({ conclusion }) => conclusion === "success"),
    );
    expect(named("gatehouse / policy").map(({ conclusion }) => conclusion)).toEqual(["failure"]);
  });
});
