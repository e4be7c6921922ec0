import { afterEach, describe, expect, it } from "vitest";
import { callsTo, doorOf, isHeld, knock, opens, type Asked } from "./deployments-world.ts";
import { calm, checkRunsOn, until } from "./harness.ts";
import { peopleWorld, repo, type PeopleWorld } from "./people-world.ts";

let world: PeopleWorld;
afterEach(async () => {
  await world.gatehouse.stop();
});

interface Merged {
  readonly number: number;
  readonly mergeSha: string;
}

/** A pull request that the gate allowed and somebody merged; production asks the gate. */
async function merged(policy?: string): Promise<Merged> {
  world = await peopleWorld(policy);
  const { sim } = world;
  sim.environment({ repo, name: "production", gate: true });
  const { number, headSha } = world.open();
  sim.review({ repo, number, by: "carol", state: "approve" });
  await world.green(headSha);
  sim.mergePull({ repo, number, by: "carol" });
  await calm(world.gatehouse);
  const id = sim.world.repoNames.get(repo) ?? 0;
  return { number, mergeSha: sim.world.repos.get(id)?.refs.get("refs/heads/main") ?? "" };
}

const asks = (sha: string): Asked => knock(world.sim, repo, { sha, actor: "ada" });
const state = (asked: Asked): string => doorOf(world.sim, asked).state;

describe("people and deployments", () => {
  it("asked, held, approved by a team with a comment: what it costs, warm", async () => {
    const { number, mergeSha } = await merged();
    // Warm: an earlier deployment has run, its token and its policy are known.
    const first = asks(mergeSha);
    await isHeld(world.sim, first, /Needs 1 approval/);
    world.say(number, "dora", "/approve production");
    await opens(world.sim, first);
    world.sim.finishDeployment({ repo, deployment: first.id });
    // Opened in a later second than Gatehouse started: nothing unknown can have been said there.
    world.gatehouse.advance(2_000);
    const second = world.open({ head: "second", files: { "src/b.ts": "2\n" } });
    world.sim.review({ repo, number: second.number, by: "carol", state: "approve" });
    await world.green(second.headSha);
    world.sim.mergePull({ repo, number: second.number, by: "carol" });
    await calm(world.gatehouse);

    world.sim.resetCalls();
    const asked = asks(
      world.sim.world.repos
        .get(world.sim.world.repoNames.get(repo) ?? 0)
        ?.refs.get("refs/heads/main") ?? "",
    );
    await isHeld(world.sim, asked, /Needs 1 approval/);
    await calm(world.gatehouse);
    const comment = world.say(second.number, "dora", "/approve production");
    await opens(world.sim, asked);
    await world.reacted(second.number, comment, "rocket");
    await calm(world.gatehouse);
    const calls = callsTo(world.sim, repo);
    console.info(`asked and approved by a team: ${calls.length} calls\n${calls.join("\n")}`);
    const ofConversation = calls.filter((call) => / \/issues\//.test(call));
    expect(calls.length - ofConversation.length).toBeLessThanOrEqual(6);
    expect(ofConversation.length).toBeLessThanOrEqual(5);
  });

  it("one comment on the pull request says for what it waits; /approve there opens the door", async () => {
    const { number, mergeSha } = await merged();
    const asked = asks(mergeSha);
    await isHeld(world.sim, asked, /Needs 1 approval/);
    await world.wordsSay(
      number,
      /The deployment of `[0-9a-f]{7}` to \*\*production\*\* waits for people:[^]*\/gate approve production/,
    );

    const refused = world.say(number, "carol", "/approve production");
    await world.reacted(number, refused, "confused");
    const approved = world.say(number, "dora", "/approve production");
    await opens(world.sim, asked);
    await world.reacted(number, approved, "rocket");
    await calm(world.gatehouse);
    expect(world.words(number)).toHaveLength(1);
    expect(world.words(number)[0]).not.toContain("waits for people");
  });

  it("T49: the check run's button approves with the same authority", async () => {
    const { mergeSha } = await merged();
    const asked = asks(mergeSha);
    await isHeld(world.sim, asked, /Needs 1 approval/);
    const run = await until(
      "the check run",
      () =>
        checkRunsOn(world.sim, repo, mergeSha).find(
          (each) => each.name === "gatehouse / production",
        ),
      (found) => found !== undefined,
    );
    world.sim.pressCheck({ repo, id: run?.id ?? 0, by: "eve", identifier: "approve:0" });
    world.sim.pressCheck({ repo, id: run?.id ?? 0, by: "carol", identifier: "approve:0" });
    await calm(world.gatehouse);
    expect(state(asked)).toBe("waiting");
    world.sim.pressCheck({ repo, id: run?.id ?? 0, by: "dora", identifier: "approve:0" });
    await opens(world.sim, asked);
  });

  it("/reject ends it, with the reason", async () => {
    const { number, mergeSha } = await merged();
    const asked = asks(mergeSha);
    await isHeld(world.sim, asked, /Needs 1 approval/);
    world.say(number, "ada", "/reject production the migration is missing");
    await until(
      "a rejection",
      () => state(asked),
      (seen) => seen === "rejected",
    );
    expect(doorOf(world.sim, asked).verdicts[0]?.comment).toContain("the migration is missing");
  });

  it("/freeze holds, and /unfreeze lets go", async () => {
    const { number, mergeSha } = await merged();
    world.say(number, "carol", "/freeze production not mine to say");
    await world.wordsSay(number, /Only @\u2060acme\/seniors may freeze/);
    world.say(number, "dora", "/freeze production as month-end books close");
    await world.wordsSay(number, /froze production \(month-end\)/);
    const asked = asks(mergeSha);
    await isHeld(world.sim, asked, /freeze month-end is on/);
    world.say(number, "dora", "/approve production");
    await calm(world.gatehouse);
    expect(state(asked)).toBe("waiting");
    world.say(number, "dora", "/unfreeze month-end books are closed");
    await opens(world.sim, asked);
  });

  it("/hold holds the deployment of what it became, also where the merge was never heard of, until /unhold", async () => {
    const policy =
      "version: 1\nrules:\n  - name: reviewed\n    require: { reviews: { approvals: 1 } }\n";
    world = await peopleWorld(policy);
    const { sim } = world;
    sim.environment({ repo, name: "production", gate: true });
    const { number, headSha } = world.open();
    sim.review({ repo, number, by: "carol", state: "approve" });
    await world.green(headSha);
    const held = world.say(number, "bob", "/gate hold wait for marketing");
    await world.reacted(number, held, "rocket");
    await calm(world.gatehouse);
    sim.deliveryFault({ event: "pull_request", suppress: true, times: 1 });
    sim.mergePull({ repo, number, by: "carol" });
    await calm(world.gatehouse);
    const id = sim.world.repoNames.get(repo) ?? 0;
    const asked = asks(sim.world.repos.get(id)?.refs.get("refs/heads/main") ?? "");
    await isHeld(sim, asked, /On hold by @bob: wait for marketing/);
    world.say(number, "bob", "/gate unhold");
    await opens(sim, asked, 20_000);
  });

  it("an emergency carries over to the merge commit, or is asked for after the merge", async () => {
    const policy =
      "version: 1\nrules:\n  - name: reviewed\n    require: { reviews: { approvals: 1 } }\n  - name: release-approval\n    when: { environments: [production] }\n    require: { approvals: { count: 1, teams: [seniors] } }\noverrides:\n  - name: emergency\n    label: emergency\n    rules: [reviewed, release-approval]\n    by: { teams: [commanders] }\n    post_review: { within: 2d, teams: [security] }\n";
    const { number, mergeSha } = await merged(policy);
    const asked = asks(mergeSha);
    await isHeld(world.sim, asked, /Needs 1 approval/);
    // A label asks on open pull requests only, and who put it here hears what does.
    world.sim.label({ repo, number, label: "emergency", by: "bob" });
    const told = await world.wordsSay(number, /this one is merged/);
    expect(told).toContain("`/gate override emergency <reason>`");
    world.say(number, "bob", "/gate override emergency the shop is down");
    await opens(world.sim, asked);
    await until(
      "a review that is owed",
      () => world.issues(),
      (issues) =>
        issues.some((issue) => issue.title.startsWith("Review: override emergency of @bob")),
    );
    // T53: it was for one deployment; the next one asks anew.
    world.sim.finishDeployment({ repo, deployment: asked.id });
    await calm(world.gatehouse);
    const again = knock(world.sim, repo, { sha: mergeSha, actor: "bob" });
    await isHeld(world.sim, again, /Needs 1 approval/);
    // T52: who asked for it is not enough by himself.
    world.say(number, "bob", "/gate emergency the shop is down again");
    await world.wordsSay(number, /waits for one more person .* nor asked for the deployment/);
    await calm(world.gatehouse);
    expect(state(again)).toBe("waiting");
    world.say(number, "carol", "/gate confirm");
    await opens(world.sim, again);
  });

  it("an override of the head counts for the commit that it became", async () => {
    const policy =
      "version: 1\nrules:\n  - name: reviewed\n    require: { reviews: { approvals: 1 } }\n  - name: release-approval\n    when: { environments: [production] }\n    require: { approvals: { count: 1, teams: [seniors] } }\noverrides:\n  - name: emergency\n    rules: [reviewed, release-approval]\n    by: { teams: [commanders] }\n";
    world = await peopleWorld(policy);
    const { sim } = world;
    sim.environment({ repo, name: "production", gate: true });
    const { number, headSha } = world.open();
    await world.waiting(headSha);
    world.say(number, "bob", "/gate emergency the shop is down");
    await world.green(headSha, /override emergency/);
    sim.mergePull({ repo, number, by: "carol" });
    await calm(world.gatehouse);
    expect(world.issues()).toEqual([]);
    const id = sim.world.repoNames.get(repo) ?? 0;
    await opens(sim, asks(sim.world.repos.get(id)?.refs.get("refs/heads/main") ?? ""));
  });
});
