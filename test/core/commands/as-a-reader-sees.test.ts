import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCommands, type Grammar } from "#core/commands/parse.ts";

const bare: Grammar = { slug: "gatehouse", bare: true };
const said = (body: string): readonly string[] =>
  parseCommands(body, bare).map(({ name, word, rest }) => `${name ?? `?${word}`}(${rest})`);

/** Places of a comment that a reader does not see as a line of its own: `/gate hold` takes the place of the @. */
const hidden: readonly (readonly [string, string])[] = [
  ["a link's title", '[a](https://x.test "\n@\n")'],
  ["a link's title in single quotes", "[a](https://x.test '\n@\n')"],
  ["a footnote that goes on after a blank line", "[^1]: x\n\n    y\n@"],
  ["a footnote in two paragraphs", "a[^1]\n\n[^1]: x\n\n    y\n\n    z\n@"],
  ["a footnote with a tab", "[^1]: x\n\n\ty\n@\nz"],
  ["a link's text", "[see\n@\nthere](https://x.test)"],
  ["the text of a link by reference", "[see\n@\nthere][r]\n\n[r]: https://x.test"],
  ["an image's alternative", "![one\n@\ntwo](https://x.test/a.png)"],
  ["an image's title", '![a](https://x.test/a.png "\n@\n")'],
  ["a definition's title", '[r]: https://x.test "\n@\n"'],
  ["an attribute", '<a title="\n@\n">x</a>'],
  ["an attribute of an unknown element", '<x-y title="\n@\n">'],
  ["an attribute of a block", '<div title="\n@\n"></div>'],
  ["an attribute over a blank line", '<p title="\n\n@\n\n">'],
  ["an attribute of an end tag", '</p title="\n\n@\n\n">'],
  ["a processing instruction", "<?\n@\n?>"],
  ["an instruction in a line", "a <? b\n@\nc ?>"],
  ["CDATA", "<![CDATA[\n@\n]]>"],
  ["CDATA in a line", "a <![CDATA[\n@\n]]>"],
  ["a declaration", "<!DOCTYPE\n@\n>"],
  ["an HTML comment", "<!--\n@\n-->"],
  ["an HTML comment in a line", "a <!-- b\n@\nc -->"],
  ["a comment that one line opens twice", "<!-- a --> <!--\n@\n-->"],
  ["a comment over blank lines", "<div><!--\n\n@\n\n--></div>"],
  ["a quote", "> @"],
  ["a quote's lazy line", "> said\n@"],
  ["a quote in a list", "- > @"],
  ["a lazy line of a quote in a list", "- > said\n@"],
  ["a quote in a numbered list", "1. > said\n@"],
  ["a list in a quote", "> - said\n@"],
  ["a quote in a quote", "> > said\n@"],
  ["an alert", "> [!NOTE]\n@"],
  ["a fence", "```\n@\n```"],
  ["a fence in a list", "- a\n  ```\n@\n  ```"],
  ["a fence without an end", "~~~\n@"],
  ["indented code", "    @"],
  ["code by a tab", "\t@"],
  ["a code span", "`a\n@\nb`"],
  ["a table's head", "@ | b\n--- | ---"],
  ["a table's row", "a | b\n--- | ---\n@ | c"],
  ["a table's row of one cell", "| a |\n|---|\n@"],
  ["a table of one column", "@\n:-"],
  ["a heading", "# @"],
  ["a heading by a line under it", "@\n---"],
  ["a footnote", "x[^1]\n\n[^1]: @"],
  ["a footnote's second line", "x[^1]\n\n[^1]: note\n@"],
  ["a footnote's second line, of many words", "x[^1]\n\n[^1]: a longer note\n@"],
  ["a footnote that nothing names", "[^note]: a longer note\n@"],
  ["a footnote in a list", "- [^1]: note\n@"],
  ["a task", "- [ ] @"],
  ["folded text", "<details><summary>more</summary>\n\n@\n\n</details>"],
  ["folded text whose end stands in a comment", "<details>\n<!-- </details> -->\n\n@"],
  ["folded text whose end stands in an attribute", '<details title="</details>">\n\n@'],
  ["folded text in a comment that ends early", "<!--> <details> -->\n\n@"],
  ["folded text in a comment that ends oddly", "<!-- --!> <details> -->\n\n@"],
  ["folded text in an instruction that ends early", "<? > <details> ?>\n\n@"],
  ["an HTML table", "<table><tr><td>\n\n@\n\n</td></tr></table>"],
  ["preformatted text", "<pre>\n\n@\n\n</pre>"],
  ["sample output", "<samp>a\n@\n</samp>"],
  ["an HTML quote in a line", "x <q>\n@\n</q>"],
  ["a script", "<script>\n@\n</script>"],
  ["text struck out", "~~gone\n@\ngone~~"],
  ["emphasis", "*a\n@\nb*"],
  ["bold", "**a\n@\nb**"],
  ["a formula", "$$\n@\n$$"],
  ["a formula after text", "a $$ b\n@\n$$"],
  ["a line break by HTML", "a<br>@"],
  ["a backslash before it", "\\@"],
];

/** What stands beside it is no reason to pass a command over. */
const seen: readonly (readonly [string, string])[] = [
  ["a paragraph before and after", "Text.\n\n@\n\nMore."],
  ["a line before and after", "Text\n@\nmore"],
  ["a heading", "# Why\n@"],
  ["a rule", "---\n@"],
  ["a quote that ended", "> said\n\n@"],
  ["a list", "- a\n- b\n\n@"],
  ["a list's line", "- a\n@"],
  ["a fence", "```\ncode\n```\n@"],
  ["code in the text", "a `code`\n@"],
  ["folded text that ended", "<details>\n\nlong\n\n</details>\n\n@"],
  ["an HTML comment that ended", "<!-- a -->\n@"],
  ["a generic type", "It returns a Map<string, number>.\n@"],
  ["an image", "![a](https://x.test/a.png)\n@"],
  ["an HTML image", '<img src="https://x.test/a.png">\n\n@'],
  ["a table", "| a |\n|---|\n| b |\n\n@"],
  ["a footnote that ended", "x[^1]\n\n[^1]: note\n\n@"],
  ["emphasis that ended", "*a*\n@"],
  ["a price", "It costs $5\n@"],
  ["a line break", "a  \n@"],
  ["Windows' line ends", "a\r\n@\r\nb"],
];

const put = (frame: string, command: string): string => frame.replaceAll("@", () => command);

describe("W33: only what a reader sees as a line of its own is a command", () => {
  it.each(hidden)("not in %s", (_where, frame) => {
    expect(said(put(frame, "/gate hold"))).toEqual([]);
    expect(said(put(frame, "/hold"))).toEqual([]);
    expect(said(put(frame, "@gatehouse hold"))).toEqual([]);
  });

  it.each(seen)("but beside %s", (_where, frame) => {
    expect(said(put(frame, "/gate hold"))).toEqual(["hold()"]);
  });

  it("what HTML hides in its line is not read", () => {
    expect(said("/gate approve <!-- staging --> production")).toEqual(["approve(production)"]);
    expect(said("/gate approve production <!-- and\nmore --> here")).toEqual([
      "approve(production)",
    ]);
    expect(said("/gate hold `<!-- code -->`")).toEqual(["hold(`<!-- code -->`)"]);
  });

  it("private-use characters are nobody's marks", () => {
    expect(said("\ue0000\ue001/gate hold")).toEqual([]);
    expect(said("x\n\ue0001\ue001\n\n> /gate hold")).toEqual([]);
    expect(said("/gate hold \ue0000\ue001")).toEqual(["hold(\ufffd0\ufffd)"]);
  });

  it("law: no text around hidden words brings them out", () => {
    const harmless = fc.array(
      fc.constantFrom(
        "word",
        "\n\n",
        "- item\n",
        "> quoted\n\n",
        "`code` ",
        "**bold** ",
        "# head\n",
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(harmless, fc.constantFrom(...hidden), harmless, (before, [, frame], after) => {
        // A frame begins in a line of its own, after a blank one.
        const body = `${before.join("")}\n\n${put(frame, "/gate hold")}\n\n${after.join("")}`;
        expect(said(body)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  const rows: readonly (readonly [string, string])[] = [
    ["brackets", "["],
    ["closing brackets", "]"],
    ["links", "[a]("],
    ["images", "![a]("],
    ["link titles", '[a](b "c\n'],
    ["stars", "*a "],
    ["mixed stars", "**a *b "],
    ["underscores", "a_ "],
    ["tags", "<a "],
    ["quoted attributes", '<a b="'],
    ["quotes that never end", "<a ' <b \" "],
    ["instructions", "<? "],
    ["comments that never end", "<!-- "],
    ["entities", "&"],
    ["definitions", "[a]: u\n"],
    ["footnotes", "[^1]: x\n"],
    ["table rows", "/|\n"],
    ["list items", "1. a\n"],
    ["formulas", "$$\n"],
    ["commands", "/gate hold\n"],
    ["backslashes", "\\"],
    ["div tags", "<div>\n\n"],
    ["open divs in a block", "<div "],
  ];
  it.each(rows)("64 kB of %s take milliseconds", (_what, row) => {
    const body = `/gate hold\n\n${row.repeat(Math.ceil(65_000 / row.length)).slice(0, 65_000)}`;
    const from = process.cpuUsage();
    parseCommands(body, bare);
    // Below 50 ms once warm on an idle machine; tests share theirs with many, and begin cold.
    expect(process.cpuUsage(from).user / 1_000).toBeLessThan(500);
  });
});
