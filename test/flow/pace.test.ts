import { beforeEach, describe, expect, it } from "vitest";
import type { Event } from "#core/model/event.ts";
import type { Store } from "#core/ports/store.ts";
import type { Deps } from "#flow/deps.ts";
import { createPeopleRouter } from "#flow/intake/route-people.ts";
import { createPace, mostCommandsAMinute } from "#flow/jobs/pace.ts";
import { anEvent, bob, minute } from "../core/build.ts";
import { aRepository } from "../io/github/local-github.ts";
import { closeAfterEach, handClock, openAt, type HandClock } from "../io/database/store/harness.ts";

const repository = aRepository();
let clock: HandClock;
let store: Store;
let route: ReturnType<typeof createPeopleRouter>;
closeAfterEach();
beforeEach(async () => {
  clock = handClock();
  store = await openAt(":memory:", clock);
  const deps: Partial<Deps> = {
    store,
    clock,
    appId: 7,
    github: { clockAhead: () => 0 } as Deps["github"],
  };
  route = createPeopleRouter(deps as Deps, createPace(clock, mostCommandsAMinute));
});

/** When each comment is looked at, in minutes from now; null: never. */
async function turnsOf(said: readonly { readonly body: string; readonly at: number }[]) {
  const turns: (number | null)[] = [];
  for (const [index, { body, at }] of said.entries()) {
    const event: Event = anEvent("issue_comment.created", {
      comment: {
        id: index + 1,
        issue: 1,
        onPullRequest: true,
        body,
        author: bob,
        authorAssociation: "MEMBER",
        isAuthor: false,
        viaApp: false,
        createdAt: at,
      } as NonNullable<Event["comment"]>,
    });
    const [item] = await route(event, repository);
    turns.push(item === undefined ? null : (item.runAt - clock.now()) / minute);
  }
  return turns;
}
const times = (count: number, body: string, at: (index: number) => number = () => clock.now()) =>
  Array.from({ length: count }, (_, index) => ({ body, at: at(index) }));

describe("commands of one person", () => {
  it("count by when they were written: what was said over an hour and comes at once is looked at at once", async () => {
    const late = times(60, "/gate hold legal looks at it", (n) => clock.now() - (60 - n) * minute);
    expect(new Set(await turnsOf(late))).toEqual(new Set([0]));
    const atOnceLongAgo = times(45, "/gate approve production", () => clock.now() - 30 * minute);
    expect(new Set(await turnsOf(atOnceLongAgo))).toEqual(new Set([0]));
  });

  it("wait for their turn past the limit", async () => {
    const turns = await turnsOf(times(65, "/gate approve production"));
    expect([turns[29], turns[30], turns[59], turns[60]]).toEqual([0, 1, 1, 2]);
    expect(turns).not.toContain(null);
  });

  it("that stop have turns of their own and are never dropped; others are, where it would take an hour", async () => {
    const flood = await turnsOf(times(1_900, "/gate recheck"));
    expect(flood.filter((turn) => turn === null).length).toBeGreaterThan(0);
    expect(Math.max(...flood.map((turn) => turn ?? 0))).toBe(60);
    for (const body of [
      "/gate hold it leaks",
      "/gate reject production it leaks",
      "/gate freeze production it leaks",
      "/gate override-cancel",
      "/gate status\n/gate hold it leaks",
    ])
      expect(await turnsOf(times(1, body))).toEqual([0]);
    expect(await turnsOf(times(1_900, "/gate hold it leaks"))).not.toContain(null);
  });
});
