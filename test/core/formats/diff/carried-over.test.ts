import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCarriedOver } from "#core/formats/diff/carried-over.ts";
import { patience } from "../../../support/patience.ts";

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

  describe("the base's own change could be read in more than one way", () => {
    const section = (name: string, contents = "read", first = "permissions:"): string[] => [
      first,
      "  issues: read",
      `  contents: ${contents}`,
      "  actions: read",
      "end:",
      `name: ${name}`,
    ];
    const file = (...parts: readonly string[][]): string =>
      text("jobs:", ...parts.flat(), "tail: 1");

    it.each([
      {
        what: "a section like it was put before",
        oldBase: file(section("build")),
        before: file(section("build", "write")),
        newBase: file(section("deploy"), section("build")),
        after: [file(section("deploy", "write"), section("build"))],
      },
      {
        what: "and its own first line is another",
        oldBase: file(section("build")),
        before: file(section("build", "write")),
        newBase: file(section("deploy"), section("build", "read", "permissions: # x")),
        after: [file(section("deploy", "write"), section("build", "read", "permissions: # x"))],
      },
      {
        what: "a section like it was put behind",
        oldBase: file(section("build")),
        before: file(section("build", "write")),
        newBase: file(section("build"), section("deploy")),
        after: [file(section("build"), section("deploy", "write"))],
      },
      {
        what: "one went before and another came behind",
        oldBase: file(section("a"), section("b")),
        before: file(section("a"), section("b", "write")),
        newBase: file(section("b"), section("c")),
        after: [file(section("b"), section("c", "write"))],
      },
      {
        what: "a section like it was taken away",
        oldBase: file(section("a"), section("b")),
        before: file(section("a", "write"), section("b")),
        newBase: file(section("b")),
        after: [file(section("b", "write"))],
      },
      {
        what: "the change itself copies a section whose line the base changes",
        oldBase: file(section("build")),
        before: file(section("deploy"), section("build")),
        newBase: file(section("build", "none")),
        after: [file(section("deploy", "none"), section("build"))],
      },
      {
        what: "lines that are all the same",
        oldBase: text("x", "x", "x", "x"),
        before: text("x", "x", "y", "x", "x"),
        newBase: text("x", "x", "x", "x", "x", "x"),
        after: [text("x", "x", "y", "x", "x", "x", "x"), text("x", "x", "x", "x", "y", "x", "x")],
      },
    ])("$what: another diff", ({ oldBase, before, newBase, after }) => {
      for (const one of after)
        expect(isCarriedOver({ oldBase, before, newBase, after: one })).toBe(false);
    });

    it("repeated lines do no harm where single ones stand around the change", () => {
      const method = (name: string, body = "return 1"): string[] => [
        `${name}() {`,
        `  ${body}`,
        "}",
        "",
      ];
      const before = text(...method("a"), ...method("b", "return 2"), ...method("c"));
      const oldBase = text(...method("a"), ...method("b"), ...method("c"));
      const newBase = text(...method("z"), ...method("a"), ...method("b"), ...method("c"), "end");
      const after = text(
        ...method("z"),
        ...method("a"),
        ...method("b", "return 2"),
        ...method("c"),
        "end",
      );
      expect(isCarriedOver({ oldBase, before, newBase, after })).toBe(true);
    });

    it("a great file of one line repeated is given up in time", () => {
      const same = Array.from({ length: 100_000 }, () => "x");
      const oldBase = text("top", ...same, "mid", ...same, "end");
      const started = Date.now();
      const changed = text("top", ...same, "mid", ...same.slice(1), "y", "end");
      const based = text("first", "top", ...same, "mid", ...same, "end");
      expect(
        isCarriedOver({ oldBase, before: changed, newBase: based, after: `first\n${changed}` }),
      ).toBe(false);
      expect(Date.now() - started).toBeLessThan(3_000 * patience);
    });
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
