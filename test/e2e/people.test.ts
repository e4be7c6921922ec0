import { afterEach, describe, expect, it } from "vitest";
import { calm } from "./harness.ts";
import { peopleWorld, repo, type PeopleWorld } from "./people-world.ts";

let world: PeopleWorld;
afterEach(async () => {
  await world.gatehouse.stop();
});

describe("commands", () => {
  it("are acknowledged, carried out and answered in one comment", async () => {
    world = await peopleWorld();
    const { sim } = world;
    const { number, headSha } = world.open();
    await world.waiting(headSha);
    sim.review({ repo, number, by: "dora", state: "approve" });
    await world.green(headSha);

    const hold = world.say(number, "bob", "/gate hold until Monday");
    await world.waiting(headSha, /On hold by @bob: until Monday/);
    await world.reacted(number, hold, "rocket");
    expect(world.reactions(number, hold)).toEqual(["eyes", "rocket"]);
    expect(world.words(number)).toEqual([]);

    const unhold = world.say(number, "carol", "/unhold");
    await world.green(headSha);
    await world.reacted(number, unhold, "rocket");

    const help = world.say(number, "carol", "@gatehouse help");
    await world.reacted(number, help, "rocket");
    await world.wordsSay(
      number,
      /`\/gate approve <environment> \[sha\]`.*@\u2060acme\/seniors \(@\u2060dora\)/,
    );

    const odd = world.say(number, "bob", "/gate aprove production");
    await world.wordsSay(number, /Did you mean `\/gate approve`\?/);
    await world.reacted(number, odd, "confused");
    expect(world.words(number)).toHaveLength(1);
    // The list of commands stays beside what another person is told.
    expect(world.words(number)[0]).toContain("approve <environment>");
  });

  it("T10: are refused to who may not, with who may", async () => {
    world = await peopleWorld();
    const { number, headSha } = world.open();
    await world.waiting(headSha);
    const comment = world.say(number, "ada", "/override hotfix I want to");
    await world.wordsSay(number, /Only @\u2060acme\/commanders may grant/);
    await world.reacted(number, comment, "confused");
    await calm(world.gatehouse);
    await world.waiting(headSha);
  });
});

describe("overrides", () => {
  it("are asked for, confirmed, shown, reviewed; T29: a push voids them", async () => {
    world = await peopleWorld();
    const { sim } = world;
    const { number, headSha } = world.open();
    await world.waiting(headSha);
    world.say(number, "bob", "/emergency the shop is down, OPS-7");
    await world.wordsSay(number, /⏳ \*\*emergency\*\*, asked for by @\u2060bob/);
    await world.wordsSay(number, new RegExp(`\\]\\(http[^)]+/decisions/pr:\\d+:${number}\\)`));
    await calm(world.gatehouse);
    await world.waiting(headSha);

    world.say(number, "carol", "/confirm");
    const run = await world.green(headSha, /Allowed by override emergency of @bob/);
    expect(run.summary).toMatch(/overridden \(pending\)/);
    await world.wordsSay(
      number,
      /🔓 \*\*emergency\*\*, granted by @\u2060bob, confirmed by @\u2060carol, lets `reviewed` through/,
    );
    await calm(world.gatehouse);
    const review = world.issues()[0];
    expect(review).toMatchObject({
      title: `Review: override emergency of @bob on #${number}`,
      state: "open",
    });
    expect(review?.body).toMatch(/the shop is down, OPS-7/);
    expect(review?.body).toContain("@acme/security");
    expect(review?.body).toMatch(
      new RegExp(`\\]\\(http[^)]+/decisions/pr:\\d+:${number}:${headSha.slice(0, 12)}\\)`),
    );

    const { sha } = sim.commit({
      repo,
      branch: "topic",
      files: { "src/a.ts": "3\n" },
      author: "ada",
    });
    await world.waiting(sha, /Needs 1 approval/);
    await calm(world.gatehouse);
    expect(world.issues()[0]?.state).toBe("closed");
  });

  it("T52: are not granted by authors of the change alone", async () => {
    world = await peopleWorld();
    const { number, headSha } = world.open({ author: "carol" });
    await world.waiting(headSha);
    world.say(number, "carol", "/override hotfix mine");
    await world.wordsSay(number, /waits for one more person .* who had no hand in the change/);
    await calm(world.gatehouse);
    await world.waiting(headSha);
    world.say(number, "bob", "/confirm");
    await world.green(headSha, /override hotfix of @carol/);
  });
});
