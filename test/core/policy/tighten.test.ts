import { describe, expect, it } from "vitest";
import type { OverrideDefinition } from "#core/policy/schema.ts";
import { canonical, tightenOverride, tightenRule } from "#core/policy/tighten.ts";

const reviews = (approvals: number): object => ({ reviews: { approvals } });
const title = { title: { pattern: "^a" } };
const body = { body: { pattern: "^b" } };

describe("what asks for at least as much as the organisation's requirement", () => {
  const isTaken = (ours: unknown, theirs: unknown): boolean => {
    const rule = (require: unknown) => ({ name: "r", require }) as never;
    return tightenRule(rule(ours), rule(theirs)).refusals.length === 0;
  };

  it.each<[string, unknown, unknown, boolean]>([
    ["the same", reviews(1), reviews(1), true],
    ["more of it", reviews(1), reviews(2), true],
    ["less of it", reviews(2), reviews(1), false],
    ["it and more", reviews(1), { all: [reviews(1), title] }, true],
    ["tighter, and more", reviews(1), { all: [title, reviews(2)] }, true],
    ["less of it, and more", reviews(2), { all: [reviews(1), title] }, false],
    ["something else", reviews(1), title, false],
    ["only something else", reviews(1), { all: [title, body] }, false],
    ["it or something else", reviews(1), { any: [reviews(1), title] }, false],
    ["one part of both", { all: [reviews(1), title] }, reviews(1), false],
    [
      "both parts, in another order",
      { all: [reviews(1), title] },
      { all: [title, reviews(1)] },
      true,
    ],
    ["both parts and more", { all: [reviews(1), title] }, { all: [title, body, reviews(2)] }, true],
    [
      "one part tighter, the other gone",
      { all: [reviews(1), title] },
      { all: [reviews(2), body] },
      false,
    ],
    ["one of the ways", { any: [reviews(1), title] }, reviews(1), true],
    ["the other way, tighter", { any: [reviews(1), title] }, { all: [title, body] }, true],
    ["no way of it", { any: [reviews(1), title] }, body, false],
    ["fewer ways", { any: [reviews(1), title, body] }, { any: [title, reviews(2)] }, true],
    ["one more way", { any: [reviews(1), title] }, { any: [reviews(1), title, body] }, false],
    ["one way replaced", { any: [reviews(1), title] }, { any: [reviews(1), body] }, false],
    [
      "ways where all were asked",
      { all: [reviews(1), title] },
      { any: [reviews(1), title] },
      false,
    ],
  ])("%s", (_what, ours, theirs, expected) => {
    expect(isTaken(ours, theirs)).toBe(expected);
  });
});

describe("on_fail of a rule", () => {
  const rule = (onFail: "hold" | "reject" | undefined) =>
    ({ name: "r", require: reviews(1), onFail }) as never;
  it.each([
    [undefined, "hold", undefined],
    ["reject", "hold", "reject"],
    ["hold", "hold", "hold"],
    ["hold", "reject", "reject"],
    ["hold", undefined, undefined],
  ] as const)("of %s, %s comes to %s", (ours, theirs, expected) => {
    const { value, refusals } = tightenRule(rule(ours), rule(theirs));
    expect(value.onFail).toBe(expected);
    expect(refusals.map(({ path }) => path)).toEqual(
      theirs === "hold" && ours !== "hold" ? [["on_fail"]] : [],
    );
  });
});

describe("an override of a repository in place of the organisation's", () => {
  const ours: OverrideDefinition = {
    name: "emergency",
    rules: ["a", "b"],
    by: { users: ["ada", "Bob"], teams: ["ic"], roles: ["maintain"] },
    confirmations: 1,
    lasts: "2h",
    ticket: "required",
    post_review: { within: "2d", teams: ["security"] },
  };

  it.each<[keyof OverrideDefinition, unknown, RegExp | null]>([
    ["by", { users: ["ada"] }, null],
    ["by", { users: ["ADA", "bob"], teams: ["IC"] }, null],
    ["by", { users: ["eve"] }, /more people/],
    ["by", { teams: ["others"] }, /more people/],
    ["by", { roles: ["admin"] }, null],
    ["by", { roles: ["maintain"] }, null],
    ["by", { roles: ["write"] }, /more people/],
    ["by", { roles: ["admin", "write"] }, /more people/],
    ["rules", ["a"], null],
    ["rules", ["b", "a"], null],
    ["rules", ["a", "c"], /more rules/],
    ["confirmations", 1, null],
    ["confirmations", 2, null],
    ["confirmations", 0, /fewer confirmations/],
    ["lasts", "2h", null],
    ["lasts", "30m", null],
    ["lasts", "3h", /longer/],
    ["ticket", "optional", /no ticket/],
    ["post_review", { teams: ["security"], within: "2d" }, null],
    ["post_review", { within: "9d", teams: ["security"] }, /post_review/],
    ["post_review", undefined, /post_review/],
    ["label", "hot", /a label may ask/],
  ])("%s: %j", (key, value, refused) => {
    const { value: taken, refusals } = tightenOverride(
      ours,
      { ...ours, [key]: value } as OverrideDefinition,
      ["name", key],
    );
    expect(refusals.map(({ path, why }) => [path, why])).toEqual(
      refused === null ? [] : [[[key], expect.stringMatching(refused)]],
    );
    expect(taken[key]).toEqual(refused === null ? value : ours[key]);
  });

  it("may name reviewers where the organisation names none, and keep a label that it has", () => {
    const { post_review: _, ...without } = { ...ours, label: "hot" };
    const theirs = { ...without, label: "hotter", post_review: { within: "2d" } };
    expect(tightenOverride(without, theirs as never, ["post_review", "label"]).refusals).toEqual(
      [],
    );
  });

  it("of a key that was not written says so, and takes nothing", () => {
    const theirs = { ...ours, confirmations: 0 };
    const { value, refusals } = tightenOverride(ours, theirs, ["name", "lasts"]);
    expect(refusals).toMatchObject([{ path: ["confirmations"], isLeftOut: true }]);
    expect(value.confirmations).toBe(1);
  });
});

describe("one text for equal data", () => {
  it.each<[unknown, unknown, boolean]>([
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: { c: 1, b: [1, 2] } }, { a: { b: [1, 2], c: 1 } }, true],
    [[1, 2], [2, 1], false],
    [{ a: 1 }, { a: 2 }, false],
    [{ a: 1 }, [["a", 1]], false],
    [null, {}, false],
    [undefined, null, true],
    ["1", 1, false],
    [{ a: "b:c" }, { "a:b": "c" }, false],
  ])("%j and %j", (a, b, same) => {
    expect(canonical(a) === canonical(b)).toBe(same);
  });
});
