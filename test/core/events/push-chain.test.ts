import { describe, expect, it } from "vitest";
import { whoPushed } from "#core/events/push-chain.ts";
import type { PushSeen } from "#core/model/push.ts";

const push = (
  kind: PushSeen["kind"],
  before: string | null,
  after: string,
  by: number | null,
): PushSeen => ({
  ref: "refs/heads/topic",
  before,
  after,
  kind,
  by: by === null ? null : { id: by, login: `u${by}`, type: "User" },
  at: 0,
});
const who = (pushes: readonly PushSeen[], commits: readonly string[], head: string) => {
  const { people, complete } = whoPushed(pushes, new Set(commits), head);
  return [people.map(({ id }) => id).sort(), complete];
};

describe("W18: who pushed, by what webhooks told", () => {
  const creation = push("creation", null, "base", 8);
  const first = push("push", "base", "c1", 1);
  const second = push("push", "c1", "c2", 2);

  it.each([
    [
      "every push since the branch left the base",
      [creation, first, second],
      ["c1", "c2"],
      "c2",
      [1, 2],
      true,
    ],
    [
      "in whatever order they were delivered",
      [second, first, creation],
      ["c1", "c2"],
      "c2",
      [1, 2],
      true,
    ],
    ["a lost one in the middle leaves a gap", [creation, second], ["c1", "c2"], "c2", [2], false],
    ["the newest one is lost", [creation, first], ["c1", "c2"], "c2", [], false],
    ["nothing was heard", [], ["c1"], "c1", [], false],
    [
      "after a force-push everything back to the creation",
      [creation, first, second, push("force_push", "c2", "d1", 3)],
      ["d1"],
      "d1",
      [1, 2, 3, 8],
      true,
    ],
    [
      "pushed back to an earlier commit, by somebody else",
      [creation, first, second, push("force_push", "c2", "c1", 3)],
      ["c1"],
      "c1",
      [1, 2, 3, 8],
      true,
    ],
    [
      "somebody whom nobody named",
      [creation, push("push", "base", "c1", null)],
      ["c1"],
      "c1",
      [],
      false,
    ],
    [
      "what was there before we looked",
      [push("first_seen", null, "c1", null), push("force_push", "c1", "c2", 2)],
      [],
      "c2",
      [2],
      true,
    ],
  ] as const)("%s", (_, pushes, commits, head, people, complete) => {
    expect(who(pushes, commits, head)).toEqual([people, complete]);
  });
});

describe("who brings nothing", () => {
  const at = (one: PushSeen, when: number): PushSeen => ({ ...one, at: when });
  const pushed = at(push("creation", null, "c1", 1), 1);
  const restored = at(push("creation", null, "c1", 3), 2);

  it("T8: who restores a branch brings nothing; who makes it first does, in whatever order they are told", () => {
    expect(who([pushed, restored], ["c1"], "c1")).toEqual([[1], true]);
    expect(who([restored, pushed], ["c1"], "c1")).toEqual([[1], true]);
    expect(who([restored], ["c1"], "c1")).toEqual([[3], true]);
  });

  it("a clean merge of the base is nobody's work, and what stood before it still is somebody's", () => {
    const pushes = [pushed, push("push", "c1", "merge", 2)];
    const { people, complete } = whoPushed(
      pushes,
      new Set(["c1", "merge"]),
      "merge",
      ({ before, after }) => before === "c1" && after === "merge",
    );
    expect([people.map(({ id }) => id), complete]).toEqual([[1], true]);
  });
});
