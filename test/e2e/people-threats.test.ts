import { afterEach, describe, expect, it } from "vitest";
import { calm, checkRunsOn, until } from "./harness.ts";
import { send } from "./send.ts";
import { peopleWorld, repo, type Opened, type PeopleWorld } from "./people-world.ts";
import { patience } from "../support/patience.ts";

let world: PeopleWorld;
afterEach(async () => {
  await world.gatehouse.stop();
});

/** An approved, green pull request. */
async function allowed(): Promise<Opened> {
  world = await peopleWorld();
  const opened = world.open();
  world.sim.review({ repo, number: opened.number, by: "dora", state: "approve" });
  await world.green(opened.headSha);
  await calm(world.gatehouse);
  return opened;
}

const isGreen = (sha: string): boolean =>
  checkRunsOn(world.sim, repo, sha).some(
    (run) => run.name === "gatehouse" && run.conclusion === "success",
  );
const calls = (): readonly string[] =>
  world.sim.calls.filter((call) => !call.isToken).map((call) => `${call.method} ${call.path}`);

describe("attacks with commands", () => {
  it("T4: a comment that was edited before it was read has no effect", async () => {
    const { number, headSha } = await allowed();
    world.sim.holdWebhooks();
    const id = world.say(number, "bob", "/hold now");
    world.sim.advance(5_000);
    world.sim.editComment({ repo, id, body: "/hold for ever", by: "ada" });
    world.sim.releaseWebhooks();
    await calm(world.gatehouse);
    expect(isGreen(headSha)).toBe(true);
    expect(world.reactions(number, id)).toEqual([]);
  });

  it("T4: an old comment that is edited into a command has no effect", async () => {
    const { number, headSha } = await allowed();
    const id = world.say(number, "bob", "looks fine");
    await calm(world.gatehouse);
    world.sim.editComment({ repo, id, body: "/hold", by: "bob" });
    await calm(world.gatehouse);
    expect(isGreen(headSha)).toBe(true);
  });

  it("T6: an override said before a push does not bind to what was pushed", async () => {
    world = await peopleWorld();
    const { number, headSha } = world.open();
    await world.waiting(headSha);
    world.sim.holdWebhooks();
    world.say(number, "bob", "/override hotfix down");
    world.sim.advance(2_000);
    const { sha } = world.sim.commit({
      repo,
      branch: "topic",
      files: { "src/a.ts": "evil\n" },
      author: "ada",
    });
    world.sim.releaseWebhooks({ order: "reversed" });
    await world.waiting(sha);
    await world.wordsSay(number, /head of the pull request moved after this was said/);
    await calm(world.gatehouse);
    expect(isGreen(sha)).toBe(false);
  });

  it.each([
    ["a bot", { by: "helper[bot]" }],
    ["an App in a person's name", { by: "bob", viaAppId: 4711 }],
  ])("T34: %s is refused", async (_who, from) => {
    const { number, headSha } = await allowed();
    if (from.by.endsWith("[bot]")) {
      world.sim.user({ login: from.by, bot: true });
      world.sim.collaborator({ repo, login: from.by, role: "admin" });
    } else world.sim.app({ slug: "other", id: 4711 });
    const { id } = world.sim.comment({ repo, number, body: "/hold", ...from });
    await calm(world.gatehouse);
    expect(isGreen(headSha)).toBe(true);
    expect(world.reactions(number, id)).toEqual([]);
  });

  it("T36: a command that is delivered again under other headers is carried out once", async () => {
    const { number, headSha } = await allowed();
    world.say(number, "bob", "/hold");
    await world.waiting(headSha, /On hold/);
    world.say(number, "bob", "/unhold");
    await world.green(headSha);
    await calm(world.gatehouse);
    const replayed = world.sim.deliveries.find(
      (delivery) =>
        delivery.event === "issue_comment" && JSON.stringify(delivery.payload).includes("/hold"),
    );
    await send({
      url: world.gatehouse.gate.url,
      secret: world.gatehouse.secret,
      event: "issue_comment",
      payload: replayed?.payload as object,
    });
    await send({
      url: world.gatehouse.gate.url,
      secret: world.gatehouse.secret,
      event: "issue_comment",
      payload: { ...(replayed?.payload as object), odd: true },
    });
    await calm(world.gatehouse);
    expect(isGreen(headSha)).toBe(true);
  });

  it("T49: a reader's press of a button is refused, a triager's is obeyed, and a repeated one does nothing", async () => {
    const { headSha } = await allowed();
    const run = checkRunsOn(world.sim, repo, headSha).find((each) => each.name === "gatehouse");
    const buttons = world.sim.calls.flatMap((call) =>
      (
        (call.body as { readonly actions?: readonly { readonly identifier: string }[] } | null)
          ?.actions ?? []
      ).map((action) => action.identifier),
    );
    const identifier = buttons.findLast((each) => each.startsWith("hold:")) ?? "";
    expect(identifier).toMatch(/^hold:0$/);
    world.sim.pressCheck({ repo, id: run?.id ?? 0, by: "eve", identifier });
    await calm(world.gatehouse);
    expect(isGreen(headSha)).toBe(true);
    world.sim.pressCheck({ repo, id: run?.id ?? 0, by: "bob", identifier });
    await world.waiting(headSha, /On hold by @bob/);
    world.sim.pressCheck({ repo, id: run?.id ?? 0, by: "bob", identifier: "unhold:1" });
    await world.green(headSha);
    world.sim.pressCheck({ repo, id: run?.id ?? 0, by: "bob", identifier });
    await calm(world.gatehouse);
    expect(isGreen(headSha)).toBe(true);
  });

  it(
    "T50: a stranger's thousand comments cost no call, and their commands one at most",
    async () => {
      const { number, headSha } = await allowed();
      world.sim.resetCalls();
      for (let index = 0; index < 1_000; index += 1) world.say(number, "mallory", `spam ${index}`);
      await calm(world.gatehouse);
      expect(calls()).toEqual([]);
      for (let index = 0; index < 100; index += 1)
        world.say(number, "mallory", `/gate override hotfix please ${index}`);
      await calm(world.gatehouse);
      expect(calls().length).toBeLessThanOrEqual(1);
      expect(isGreen(headSha)).toBe(true);
      expect(world.words(number)).toEqual([]);
    },
    60_000 * patience,
  );

  it("T31 T33: what only looks like a command costs nothing", async () => {
    const { number, headSha } = await allowed();
    world.sim.resetCalls();
    for (const body of [
      "> /hold",
      "```\n/hold\n```",
      "<!-- /hold -->",
      "/h\u043eld",
      "/gate ho\u200bld",
      "\u202e/hold",
      "please /hold",
    ])
      world.say(number, "bob", body);
    await calm(world.gatehouse);
    expect(calls()).toEqual([]);
    expect(isGreen(headSha)).toBe(true);
  });

  it("T53: an override that ran out is not used again, and the check turns back", async () => {
    world = await peopleWorld(
      "version: 1\nrules:\n  - name: reviewed\n    require: { reviews: {} }\noverrides:\n  - { name: hotfix, label: hotfix, rules: [reviewed], by: { teams: [commanders] }, lasts: 3s }\n",
    );
    const { number, headSha } = world.open();
    await world.waiting(headSha);
    world.say(number, "bob", "/gate override hotfix down");
    await world.green(headSha);
    await world.waiting(headSha, /Needs 1 approval/);
    world.say(number, "carol", "/gate confirm");
    await world.wordsSay(number, /No override waits/);
    await calm(world.gatehouse);
    await world.waiting(headSha);
  });

  it("T41: a merge past a red check is recorded, and somebody owes a review", async () => {
    world = await peopleWorld();
    const { number, headSha } = world.open({ title: "wrong" });
    await until(
      "a red check",
      () => checkRunsOn(world.sim, repo, headSha),
      (runs) => runs.some((run) => run.conclusion === "failure"),
    );
    world.sim.mergePull({ repo, number, by: "carol" });
    await until(
      "a review",
      () => world.issues(),
      (issues) =>
        issues.some((issue) => issue.title === `Review: #${number} was merged past the gate`),
    );
    const review = world.issues()[0];
    expect(review?.body).toMatch(/@\u2060carol.* merged #\d+/);
    expect(review?.body).toMatch(/titled: fail/);
    // Closed by somebody whose review it is not, it is opened again; by the right one, it stays closed.
    world.sim.setIssueState({ repo, number: review?.number ?? 0, state: "closed", by: "carol" });
    await until(
      "an open review",
      () => world.issues()[0]?.state,
      (state) => state === "open",
    );
    await calm(world.gatehouse);
    expect(world.issues()[0]?.state).toBe("open");
    world.sim.setIssueState({ repo, number: review?.number ?? 0, state: "closed", by: "dora" });
    await calm(world.gatehouse);
    expect(world.issues()[0]?.state).toBe("closed");
  });

  it("an allowed merge is no bypass", async () => {
    const { number } = await allowed();
    world.sim.mergePull({ repo, number, by: "carol" });
    await calm(world.gatehouse);
    expect(world.issues()).toEqual([]);
  });
});
