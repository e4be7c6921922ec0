import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inert, inertWithCommands, link, table } from "#core/text/markdown.ts";
import { cut, cutBytes, oneLine } from "#core/text/plain-text.ts";

const shownAs = (text: string): string => text.replaceAll("\u2060", "⁠".normalize());

describe("hostile text in Markdown", () => {
  it.each([
    ["an image", "![x](https://evil.example/x.png)", /!\[/],
    ["HTML", "<img src=x onerror=alert(1)>", /<img/],
    ["a mention", "@acme/everyone", /@acme/],
    ["a reference", "fixes #12", /#12/],
    ["a bare address", "see https://evil.example", /https:\/\//],
    ["a www address", "see www.evil.example", /www\./],
    ["a table break", "a | b", /(?<!\\)\|/],
    ["code", "`rm -rf`", /(?<!\\)`/],
    ["a heading over lines", "a\n# Head\n", /\n/],
    ["turned text", "abc\u202Edef", /\u202e/],
    ["zero width", "ab\u200Bc", /\u200b/],
    ["an escape character", "\u001b[31mred", /\u001b/],
  ])("T32: %s comes out inert", (_name, text, alive) => {
    expect(inert(text)).not.toMatch(alive);
  });

  it("T31: shows invisible characters by their code point", () => {
    expect(oneLine("pay\u202Epal")).toBe("payU+202Epal");
    expect(oneLine("soft\u00ADhyphen")).toContain("U+00AD");
  });

  it("never lets a mention, a tag, an image or a line break through, whatever is written", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), (text) => {
        expect(inert(text)).not.toMatch(/@[\w-]|<[a-z/!]|(?<!\\)!\[|[\r\n]|(?<!\\)\|/i);
      }),
    );
  });

  it.each([
    ["a plain address", "https://github.com/acme/shop/pull/1", true],
    ["a script", "javascript:alert(1)", false],
    ["an address that ends the link", "https://x.example/)[evil](https://y.example", false],
    ["none", undefined, false],
  ])("links to %s", (_name, url, linked) => {
    expect(link("label", url).startsWith("[")).toBe(linked);
  });

  it("keeps empty cells of a table apart", () => {
    expect(table(["a", "b"], [["1", ""]])).toBe("| a | b |\n|---|---|\n| 1 |   |");
  });

  it("cuts at whole characters and says so", () => {
    expect(cut("abcdef", 4)).toBe("abc…");
    expect(cut("ab😀cd", 4)).toBe("ab…");
    expect(shownAs(cut("abc", 3))).toBe("abc");
  });

  it.each([
    ["Say `/gate approve`.", "Say `/gate approve`."],
    ['a` b `/gate x "<i>"` c', 'a\\` b `/gate x "<i>"` c'],
    ["``/gate x `y` z``", "``/gate x `y` z``"],
    ["`rm` and `/gatex` @ada", "\\`rm\\` and \\`/gatex\\` @\u2060ada"],
    ["`/gate a|b`", "\\`/gate a\\|b\\`"],
  ])("of %j only commands stay code", (text, shown) => {
    expect(inertWithCommands(text)).toBe(shown);
  });

  it("whatever stands around commands is as inert as without", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.string({ maxLength: 60 }), (before, after) => {
        const shown = inertWithCommands(`${before} \`/gate help\` ${after}`);
        const outside = shown.replaceAll(/(?<![`\\])(`+)(?!`)\/gate.*?(?<!`)\1(?!`)/g, "");
        expect(outside).not.toMatch(/@[\w-]|<[a-z/!]|(?<!\\)!\[|[\r\n]|(?<!\\)[|`]/i);
      }),
    );
  });

  it.each([
    ["some words, then `/gate approve production` and more", 30, "some words, then …"],
    [
      "some words, then `/gate approve production` and more",
      45,
      "some words, then `/gate approve production` …",
    ],
    ["a lone ` mark in some words", 20, "a lone ` mark in so…"],
    [`\`${"x".repeat(40)}\``, 20, `\`${"x".repeat(18)}…`],
  ])("cuts %j at %i outside code spans", (text, maximum, shown) => {
    expect(cut(text, maximum)).toBe(shown);
  });

  it("cuts to GitHub's bytes with a note at the end", () => {
    const text = "ä".repeat(1000);
    const shortened = cutBytes(text, 101, " cut");
    expect(new TextEncoder().encode(shortened).length).toBeLessThanOrEqual(101);
    expect(shortened.endsWith(" cut")).toBe(true);
    expect(cutBytes("short", 101, " cut")).toBe("short");
  });
});
