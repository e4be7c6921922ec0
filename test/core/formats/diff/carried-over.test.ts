import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCarriedOver } from "#core/formats/diff/carried-over.ts";

const text = (...lines: readonly string[]): string => `${lines.join("\n")}\n`;
const sections = text("[a]", "x: 1", "y: 2", "", "[b]", "x: 1", "y: 2");

describe("W6: a change carried over to another base is the same only at the same place", () => {
  it.each([
    [
      "the base did not change",
      sections,
      text("[a]", "x: 1", "flag: true", "y: 2", "", "[b]", "x: 1", "y: 2"),
      true,
    ],
    [
      "the base grew above it",
      text("top", ...sections.trimEnd().split("\n")),
      text("top", "[a]", "x: 1", "flag: true", "y: 2", "", "[b]", "x: 1", "y: 2"),
      true,
    ],
    [
      "it went into the other section with the same surroundings",
      text("top", ...sections.trimEnd().split("\n")),
      text("top", "[a]", "x: 1", "y: 2", "", "[b]", "x: 1", "flag: true", "y: 2"),
      false,
    ],
    [
      "the base changed the very line beside it",
      text("[a]", "x: 9", "y: 2", "", "[b]", "x: 1", "y: 2"),
      text("[a]", "x: 9", "flag: true", "y: 2", "", "[b]", "x: 1", "y: 2"),
      false,
    ],
    [
      "a line more came along",
      text("top", ...sections.trimEnd().split("\n")),
      text("top", "[a]", "x: 1", "flag: true", "evil: true", "y: 2", "", "[b]", "x: 1", "y: 2"),
      false,
    ],
    [
      "the last line lost its end",
      text("top", ...sections.trimEnd().split("\n")),
      text("top", "[a]", "x: 1", "flag: true", "y: 2", "", "[b]", "x: 1", "y: 2").trimEnd(),
      false,
    ],
  ])("%s", (_, newBase, after, expected) => {
    const before = text("[a]", "x: 1", "flag: true", "y: 2", "", "[b]", "x: 1", "y: 2");
    expect(isCarriedOver({ oldBase: sections, before, newBase, after })).toBe(expected);
  });

  const lines = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 });

  it("law: where the base did not change, only the reviewed text itself is the same", () => {
    fc.assert(
      fc.property(lines, lines, lines, (old, before, after) => {
        const oldBase = old.join("\n");
        expect(
          isCarriedOver({
            oldBase,
            before: before.join("\n"),
            newBase: oldBase,
            after: after.join("\n"),
          }),
        ).toBe(before.join("\n") === after.join("\n"));
      }),
    );
  });

  it("law: lines that the base adds far above or below move a change and nothing else", () => {
    fc.assert(
      fc.property(lines, lines, lines, lines, (old, changed, above, below) => {
        const frame = (inner: readonly string[]): string =>
          ["start", "-", "-", ...inner, "-", "-", "end"].join("\n");
        const oldBase = frame(old);
        const before = frame(changed);
        const moved = (one: string): string => [...above, one, ...below].join("\n");
        expect(
          isCarriedOver({ oldBase, before, newBase: moved(oldBase), after: moved(before) }),
        ).toBe(true);
      }),
    );
  });
});
