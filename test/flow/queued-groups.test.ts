import { describe, expect, it } from "vitest";
import { GatehouseError, UnclearGroup } from "#core/model/errors.ts";
import { isBuiltOnTip } from "#flow/judge/queued-groups.ts";

const sha = (digit: string): string => digit.repeat(40);
const group = (head: string, onto: string, number: number) => ({
  headSha: sha(head),
  headRef: `refs/heads/gh-readonly-queue/main/pr-${number}-${sha(onto)}`,
});
const first = group("a", "0", 1);
const second = group("b", "a", 2);
const third = group("c", "b", 3);

describe("W20: whether a group whose list does not add up is still built on its base", () => {
  it.each([
    ["the first of the queue", first, [first], sha("0"), true],
    ["by way of the groups before it", third, [first, second, third], sha("0"), true],
    ["when those before it were merged", second, [second], sha("a"), true],
    ["not when the base moved", third, [first, second, third], sha("9"), false],
    ["not when one before it is not known", third, [first, third], sha("0"), false],
    ["not when the base is gone", first, [first], "", false],
  ])("%s", (_name, one, known, tip, expected) => {
    expect(isBuiltOnTip(one, known, new UnclearGroup("do not add up", tip))).toBe(expected);
  });

  it("nothing says that it moved where the tip could not be read", () => {
    const trouble = new GatehouseError("unavailable", "502");
    expect(isBuiltOnTip(first, [first], trouble)).toBe(true);
  });
});
