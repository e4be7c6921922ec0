import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandNames } from "#core/commands/names.ts";
import { parseCommands, type Grammar, type ParsedCommand } from "#core/commands/parse.ts";
import { hostileComments } from "./hostile-comments.ts";
import { patience } from "../../support/patience.ts";

const plain: Grammar = { slug: "gatehouse-acme", bare: false };
const bare: Grammar = { ...plain, bare: true };

const said = (body: string, grammar: Grammar = plain): readonly string[] =>
  parseCommands(body, grammar).map(words);
const words = ({ name, word, rest, nearest }: ParsedCommand): string =>
  `${name ?? `?${word}${nearest === null ? "" : `~${nearest}`}`}${rest === "" ? "" : `(${rest})`}`;

describe("parseCommands", () => {
  it.each([
    ["/gate hold", ["hold"]],
    ["/gatehouse hold", ["hold"]],
    ["@gatehouse-acme hold", ["hold"]],
    ["@gatehouse-acme[bot] hold", ["hold"]],
    ["@Gatehouse-Acme HOLD", ["hold"]],
    ["/GATE Hold Until Monday", ["hold(Until Monday)"]],
    ["/gate refresh", ["recheck"]],
    ["/gate\thold\twhy not  ", ["hold(why not)"]],
    ["/gate", ["help"]],
    ["/gate override-cancel", ["override-cancel"]],
    ["/gate hold a\r\n/gate status\r\n", ["hold(a)", "status"]],
    ["Before.\n\n/gate hold\n\nAfter.", ["hold"]],
    ["- a list\n/gate hold", ["hold"]],
    ["/gate approve production 0123abc", ["approve(production 0123abc)"]],
    ["/gate aprove production", ["?aprove~approve(production)"]],
    ["/gate xyzzyplugh", ["?xyzzyplugh"]],
    ["/gate -hold", ["?-hold"]],
    ["/gate 1", ["?1"]],
    ["/gate hold <!-- a note -->", ["hold"]],
    ["<!-- a note -->\n/gate hold", ["hold"]],
    ["```\ncode\n```\n/gate hold", ["hold"]],
    ["> quoted\n\n/gate hold", ["hold"]],
    ["- a\n\n  ```\n  code\n  ```\n\n/gate hold", ["hold"]],
    ["1. a\n\n       ```\n       code\n       ```\n\n/gate hold", ["hold"]],
    ["<pre>\ncode\n</pre>\n/gate hold", ["hold"]],
    ["a `code` and\n/gate hold", ["hold"]],
  ])("%j says %j", (body, expected) => {
    expect(said(body)).toEqual(expected);
  });

  it.each([
    ["/hold", ["hold"]],
    ["/Hold on", ["hold(on)"]],
    ["/lgtm", []],
    ["/approve production", ["approve(production)"]],
    ["/gate hold", ["hold"]],
    ["/holdon", []],
  ])("with bare commands %j says %j", (body, expected) => {
    expect(said(body, bare)).toEqual(expected);
  });

  it.each([
    "/hold",
    "@somebody-else hold",
    "@gatehouse-acme-2 hold",
    "/gatekeeper hold",
    "/gate/hold",
    "please /gate hold",
    "/ gate hold",
    "//gate hold",
  ])("%j is not for us", (body) => {
    expect(said(body)).toEqual([]);
  });

  it.each(hostileComments)("T31 T33: $why", ({ body }) => {
    expect(said(body, bare)).toEqual([]);
  });

  it("tells the line", () => {
    expect(parseCommands("a\n\n/gate hold\n/gate status", plain).map(({ line }) => line)).toEqual([
      3, 4,
    ]);
  });

  it("reads no more than ten commands, and no comment longer than GitHub's", () => {
    expect(said("/gate help\n".repeat(50))).toHaveLength(10);
    expect(said(`/gate help\n${"x".repeat(70_000)}`)).toEqual([]);
  });

  it("cuts what follows a command", () => {
    expect(parseCommands(`/gate hold ${"x".repeat(60_000)}`, plain)[0]?.rest).toHaveLength(1_000);
  });

  it.each([
    ["backticks", "`".repeat(60_000)],
    ["runs of backticks", Array.from({ length: 300 }, (_, index) => "`".repeat(index)).join("x\n")],
    ["many code spans over many lines", "`a`\n".repeat(12_000)],
    ["quote marks", "> ".repeat(30_000)],
    ["comment openings", "<!--".repeat(15_000)],
    ["comments", "<!---->".repeat(8_000)],
    ["elements", "<pre>".repeat(12_000)],
    ["list marks", "- ".repeat(30_000)],
    ["spaces", `/gate${" ".repeat(60_000)}x`],
    ["lines", "/gate\n".repeat(10_000)],
  ])("T50: 60 kB of %s take milliseconds", (_what, body) => {
    const from = performance.now();
    parseCommands(body, bare);
    expect(performance.now() - from).toBeLessThan(500 * patience);
  });
});

describe("laws of the parser", () => {
  const name = fc.constantFrom(...Object.keys(commandNames));
  const cased = (word: string): fc.Arbitrary<string> =>
    fc
      .array(fc.boolean(), { minLength: word.length, maxLength: word.length })
      .map((ups) =>
        [...word]
          .map((letter, index) => (ups[index] === true ? letter.toUpperCase() : letter))
          .join(""),
      );
  const address = fc.constantFrom("/gate", "/gatehouse", "@gatehouse-acme").chain(cased);
  const line = fc.tuple(address, name.chain(cased)).map(([to, word]) => `${to} ${word}`);

  it("a command by itself is read, however it is cased", () => {
    fc.assert(
      fc.property(line, (text) => {
        expect(parseCommands(text, plain).map((command) => command.name)).toEqual([
          text.split(" ")[1]?.toLowerCase(),
        ]);
      }),
    );
  });

  it("inside a fence, a quote, an HTML comment or after a space none is", () => {
    const wraps: readonly ((text: string) => string)[] = [
      (text) => `\`\`\`\n${text}\n\`\`\``,
      (text) => `~~~~ sh\n${text}\n~~~~`,
      (text) => `> ${text}`,
      (text) => `> said\n${text}`,
      (text) => `<!--\n${text}\n-->`,
      (text) => ` ${text}`,
      (text) => `    ${text}`,
      (text) => `see ${text}`,
      (text) => `<pre>\n${text}\n</pre>`,
      (text) => `\`a\n${text}\nb\``,
    ];
    fc.assert(
      fc.property(
        line,
        fc.constantFrom(...wraps),
        (text, wrap) => parseCommands(wrap(text), bare).length === 0,
      ),
    );
  });

  it("a character that is not ASCII in address or word makes it no command", () => {
    const strange = fc.constantFrom(
      "\u200b",
      "\u200d",
      "\u202e",
      "\u2066",
      "\ufeff",
      "\u00ad",
      "\u0430",
      "\u043e",
      "\u212a",
      "\u017f",
      "\uff0f",
      "\u2044",
      "\u00a0",
      "\u3000",
      "\u2028",
      "\u0301",
    );
    fc.assert(
      fc.property(line, strange, fc.nat(), (text, odd, at) => {
        const place = at % (text.length + 1);
        expect(parseCommands(text.slice(0, place) + odd + text.slice(place), plain)).toEqual([]);
      }),
    );
  });

  it("nothing makes it throw, and every command stands at the start of a line of the body", () => {
    const soup = fc
      .array(
        fc.constantFrom(
          "/gate hold",
          "/hold",
          "\n",
          "\r\n",
          "```",
          "~~~",
          "`",
          "> ",
          "<!--",
          "-->",
          "<pre>",
          "</pre>",
          "    ",
          "- ",
          "x",
          "\u200b",
          "@gatehouse-acme status",
        ),
        { maxLength: 60 },
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: "binary", maxLength: 400 })), (body) => {
        const lines = body.split(/\r\n|\n|\r/);
        for (const command of parseCommands(body, bare))
          expect(lines[command.line - 1]).toMatch(/^[/@]/);
      }),
      { numRuns: 500 },
    );
  });
});
