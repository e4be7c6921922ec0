import { describe, expect, it } from "vitest";
import { UnusableInput } from "../../src/cli/answer.ts";
import { owners } from "../../src/cli/commands/owners.ts";
import { ownersIn, type Owned } from "./owners-in.ts";

/** `@a @b:2`: owners and the line that gave them; `nobody` where no line matches. */
const told = ({ owners: names, line }: Owned): string =>
  line === null ? "nobody" : `${names.join(" ")}:${line}`;

describe("gatehouse owners", () => {
  it.each<[string, string, string, string]>([
    ["the last match wins", "* @a\n*.js @b\n", "x.js", "@b:2"],
    ["the last match wins, whatever is more exact", "/src/a.js @b\n* @a\n", "src/a.js", "@a:2"],
    ["another line for another file", "* @a\n*.js @b\n", "x.ts", "@a:1"],
    ["no line matches", "*.js @b\n", "x.ts", "nobody"],
    ["a line without owners takes them away", "* @a\n/apps/\n", "apps/x", ":2"],
    ["lines count from one, comments and blanks too", "# x\n\n* @a\n", "x", "@a:3"],
    ["a comment behind the owners", "* @a # and @b\n", "x", "@a:1"],
    ["# inside a pattern is a character", "a#b @a\n", "a#b", "@a:1"],
    ["an escaped # begins no pattern", "* @a\n\\#x @b\n", "#x", "@a:1"],
    ["an escaped blank", "my\\ dir/ @a\n", "my dir/x", "@a:1"],
    ["an escaped blank is no end of the pattern", "my\\ dir/ @a\n", "my/x", "nobody"],
    ["no negation", "* @a\n!x @b\n", "x", "@a:1"],
    ["no character class", "[ab].txt @a\n", "a.txt", "nobody"],
    ["case matters", "/Docs/ @a\n", "docs/x", "nobody"],
    ["tabs part words", "*\t@a\t@b\n", "x", "@a @b:1"],
    ["Windows line ends", "* @a\r\n*.js @b\r\n", "x.js", "@b:2"],
    ["a byte order mark", "\uFEFF* @a\n", "x", "@a:1"],
    ["no line end at the end", "* @a", "x", "@a:1"],
    ["an empty file", "", "x", "nobody"],
    ["blanks before a pattern", "   * @a\n", "x", "@a:1"],
    ["a mail address", "* ada@example.org\n", "x", "ada@example.org:1"],
    ["a team", "* @acme/backend\n", "x", "@acme/backend:1"],
    ["W44: the good owners of a line stay", "* @a\n*.js @b nobody\n", "x.js", "@b:2"],
    ["a line of nobodies is skipped", "* @a\n*.js nobody\n", "x.js", "@a:1"],
    ["a star matches dotfiles", "* @a\n", ".github/x", "@a:1"],
    ["a name matches anywhere", "apps @a\n", "x/apps/y", "@a:1"],
    ["a folder matches what is in it, not a file of its name", "apps/ @a\n", "x/apps", "nobody"],
    ["a folder from the root", "/apps/ @a\n", "x/apps/y", "nobody"],
    ["a slash in the middle is from the root", "docs/api @a\n", "x/docs/api", "nobody"],
    ["docs/* is one level", "docs/* @a\n", "docs/a/x", "nobody"],
    ["docs/* from the root", "docs/* @a\n", "x/docs/a", "nobody"],
    ["docs/** is all levels", "docs/** @a\n", "docs/a/b/x", "@a:1"],
    ["docs/** is not docs itself", "docs/** @a\n", "docs", "nobody"],
    ["**/logs is anywhere", "**/logs @a\n", "a/b/logs/x", "@a:1"],
    ["**/logs is at the root", "**/logs @a\n", "logs", "@a:1"],
    ["a/**/b, nothing in between", "a/**/b @a\n", "a/b", "@a:1"],
    ["a/**/b, some in between", "a/**/b @a\n", "a/x/y/b", "@a:1"],
    ["a star stays in its segment", "/a/*/c @a\n", "a/b/b/c", "nobody"],
    ["a question mark is one character", "a?.txt @a\n", "ab.txt", "@a:1"],
    ["a question mark is no slash", "a?b @a\n", "a/b", "nobody"],
    ["a path from the root, with its slash", "/docs/ @a\n", "/docs/x", "@a:1"],
    ["a path from here", "/docs/ @a\n", "./docs/x", "@a:1"],
    [
      "sections are GitLab's: the lines below them count",
      "[Docs][2] @d\ndocs/ @a\n^[Optional]\n*.md @b\n",
      "docs/x.md",
      "@b:4",
    ],
    ["letters beyond ASCII", "/dök/ @a\n", "dök/x", "@a:1"],
    ["quotes are characters", '"my dir/" @a\n', "my dir/x", "nobody"],
  ])("%s", async (_what, text, path, expected) => {
    const { exit, rows } = await ownersIn(text, [path]);
    expect(exit).toBe(0);
    expect(rows.map(told)).toEqual([expected]);
  });

  it("answers path by path, in their order, as they were asked", async () => {
    const { rows } = await ownersIn("* @a\n/docs/ @b\n", ["docs/x", "./y", "docs/x"]);
    expect(rows).toEqual([
      { path: "docs/x", owners: ["@b"], line: 2 },
      { path: "./y", owners: ["@a"], line: 1 },
      { path: "docs/x", owners: ["@b"], line: 2 },
    ]);
  });

  it.each<[string, string, RegExp]>([
    ["a negation", "!x @a\n", /^CODEOWNERS:1: .*negation.*skips this line$/],
    [
      "somebody who is none",
      "* @a\n*.js nobody\n",
      /^CODEOWNERS:2: "nobody" is no owner: write @user, @org\/team or a mail address; GitHub skips this line$/,
    ],
    ["a section", "[Docs]\n", /^CODEOWNERS:1: a section header of GitLab/],
    [
      "a file that is too large",
      "* @a\n".repeat(700_000),
      /^CODEOWNERS: .*3 MB.*says nothing about any path$/,
    ],
  ])("says on standard error what GitHub does not read: %s", async (_what, text, expected) => {
    const { troubles } = await ownersIn(text, ["x"]);
    expect(troubles).toEqual([expect.stringMatching(expected)]);
  });

  it("refuses a file that is not there", () => {
    expect(() => owners().run([["x"]], { file: "/nowhere/CODEOWNERS" })).toThrow(
      new UnusableInput("/nowhere/CODEOWNERS: no such file"),
    );
  });
});
