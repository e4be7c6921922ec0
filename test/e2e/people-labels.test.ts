import { afterEach, describe, it } from "vitest";
import { calm, until } from "./harness.ts";
import { peopleWorld, repo, type PeopleWorld } from "./people-world.ts";

let world: PeopleWorld;
afterEach(async () => {
  await world.gatehouse.stop();
});

const gone = (number: number, label: string): Promise<unknown> =>
  until(
    `no label ${label}`,
    () => world.labelsOn(number),
    (labels) => !labels.includes(label),
  );

describe("labels that ask for an override", () => {
  it("take the reason from the next comment of who added them, and end with the label", async () => {
    world = await peopleWorld();
    const { sim } = world;
    const { number, headSha } = world.open();
    await world.waiting(headSha);
    sim.label({ repo, number, label: "emergency", by: "bob" });
    await world.wordsSay(number, /asked for the override emergency with the label emergency/);
    world.say(number, "carol", "I see");
    world.say(number, "bob", "it is down");
    await world.wordsSay(number, /must carry an issue or ticket/);
    world.say(number, "bob", "it is down, OPS-3");
    await world.wordsSay(number, /⏳ \*\*emergency\*\*, asked for by @\u2060bob/);
    world.say(number, "carol", "/confirm");
    await world.green(headSha, /override emergency of @bob/);

    sim.unlabel({ repo, number, label: "emergency", by: "bob" });
    await world.waiting(headSha, /Needs 1 approval/);
  });

  it.each([
    ["somebody without the right", "ada"],
    ["a bot", "helper[bot]"],
  ])("T28: of %s are taken off with one line", async (_who, by) => {
    world = await peopleWorld();
    const { sim } = world;
    const { number, headSha } = world.open();
    await world.waiting(headSha);
    if (by.endsWith("[bot]")) sim.user({ login: by, bot: true });
    sim.label({ repo, number, label: "emergency", by });
    await gone(number, "emergency");
    await world.wordsSay(
      number,
      /The label emergency, added by @\u2060.*, was taken off: only @\u2060acme\/commanders may ask/,
    );
    await calm(world.gatehouse);
    await world.waiting(headSha);
    // The sender of an event proves nothing: the next one is refused as well.
    sim.label({ repo, number, label: "emergency", by });
    await gone(number, "emergency");
  });

  it("T29: do not outlive a push", async () => {
    world = await peopleWorld();
    const { sim } = world;
    const { number, headSha } = world.open();
    await world.waiting(headSha);
    sim.label({ repo, number, label: "emergency", by: "bob" });
    await world.wordsSay(number, /asked for the override/);
    const { sha } = sim.commit({
      repo,
      branch: "topic",
      files: { "src/a.ts": "3\n" },
      author: "ada",
    });
    await world.waiting(sha);
    await gone(number, "emergency");
    await world.wordsSay(
      number,
      /the head moved on, and the override emergency was for the commit before/,
    );
    world.say(number, "bob", "it is down, OPS-3");
    await calm(world.gatehouse);
    await world.waiting(sha);
  });

  it("do-not-merge holds until it is taken off", async () => {
    world = await peopleWorld();
    const { sim } = world;
    const { number, headSha } = world.open();
    sim.review({ repo, number, by: "dora", state: "approve" });
    await world.green(headSha);
    sim.label({ repo, number, label: "do-not-merge/release", by: "eve" });
    await world.waiting(headSha, /On hold: the label do-not-merge\/release/);
    sim.unlabel({ repo, number, label: "do-not-merge/release", by: "eve" });
    await world.green(headSha);
  });
});
