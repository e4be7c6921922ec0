import { describe, expect, it } from "vitest";
import { say } from "./a-call.ts";
import { doubtedCommands, parseCommands } from "#core/commands/parse.ts";

const grammar = { slug: "gatehouse", bare: false };
const doubted = (body: string): readonly string[] =>
  doubtedCommands(body, grammar).map(({ word, line }) => `${word} ${line}`);

describe("a command that somebody may see as a line of their own is not lost in silence", () => {
  it.each([
    ["above a mail's signature", "/gate hold legal has to look\n-- \nBob", "hold 1"],
    ["above a row of dashes", "/gate hold until Monday\n---\nmore", "hold 1"],
    ["above a row of equals signs", "/gate hold\n=====\nmore", "hold 1"],
    ["after $$", "The script uses $$ for its pid.\n/gate hold", "hold 2"],
    ["after an element that is left open", "The <select> is broken\n\n/gate hold", "hold 3"],
    [
      "right under folded text",
      "<details><summary>log</summary>\n\nlong\n\n</details>\n/gate hold",
      "hold 6",
    ],
    ["after a blank", " /gate hold", "hold 1"],
    ["with a blank that is none", "/gate\u00a0hold", "hold 1"],
    ["after an ambiguous row", "--|--\n/gate freeze production", "freeze 2"],
    ["after an emphasis that goes on", "**a\n@gatehouse hold\nb**", "hold 2"],
    ["in more lines than are read", `${"x\n".repeat(5001)}\n/gate hold`, "hold 5003"],
    [
      "in a paragraph of more marks than are read",
      `${"a_b_c ".repeat(3100)}\n/gate hold`,
      "hold 2",
    ],
  ])("%s", (_where, body, said) => {
    expect(parseCommands(body, grammar)).toEqual([]);
    expect(doubted(body)).toEqual([said]);
  });

  it.each([
    ["a quote", "> /gate hold"],
    ["a quote's lazy line", "> said\n/gate hold"],
    ["a fence", "```\n/gate hold\n```"],
    ["indented code", "text\n\n    /gate hold"],
    ["a code span", "`a\n/gate hold\nb`"],
    ["an HTML comment", "<!--\n/gate hold\n-->"],
    ["an HTML comment in a line", "a <!-- b\n/gate hold\nc -->"],
    ["preformatted text", "<pre>\n/gate hold\n</pre>"],
    ["an attribute", '<a title="\n/gate hold\n">x</a>'],
    ["a link's title", '[a](https://x.test "\n/gate hold\n")'],
    ["the middle of a line", "you could say /gate hold here"],
    ["another bot's command", " /merge\n/approve\n---"],
    ["no command of ours", "/gate keeper\n---"],
  ])("but not in %s", (_where, body) => {
    expect(doubted(body)).toEqual([]);
  });

  it("what is obeyed is not doubted", () => {
    expect(doubted("/gate hold\n\n/gate recheck")).toEqual([]);
    expect(doubted("/gate hold\n---\n\n/gate recheck")).toEqual(["hold 1"]);
  });

  it("is refused with what to do", () => {
    const { outcomes, acts } = say("/gate hold\n---");
    expect(acts).toEqual([]);
    expect(outcomes).toMatchObject([
      { kind: "refused", says: expect.stringContaining("Write it in a new comment") },
    ]);
  });
});
