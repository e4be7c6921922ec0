import fc from "fast-check";
import { ownersOf, parseCodeowners } from "#core/formats/codeowners.ts";
import { promise, textOf, type FuzzTarget } from "../target.ts";

const paths = [
  "README.md",
  "src/a/b/c.ts",
  "docs/x y.md",
  ".github/workflows/ci.yml",
  "a/".repeat(60),
];
const part = fc.constantFrom(
  "*",
  "**",
  "/",
  "?",
  "a",
  "src",
  ".ts",
  "\\ ",
  "\\",
  "[",
  "]",
  "!",
  "#",
  "docs",
);

export const target: FuzzTarget = {
  name: "codeowners",
  corpus: [
    "# owners\n* @acme/all\n/src/**/*.ts @mona @acme/backend\ndocs/ docs@example.com # words\n*.md\n/a\\ b/ @hubot\n",
    "[Section][2] @mona\n^[Optional]\n/** @a\n**/x/** @b\nsrc/* @c\n!neg @d\n/a?c @e\n",
    `${"**/a".repeat(40)} @mona\n${"*a".repeat(60)}b @mona\n`,
  ],
  madeUp: fc
    .array(
      fc.tuple(
        fc.array(part, { maxLength: 30 }),
        fc.constantFrom(" @mona", " @acme/x y", "", " a@b.c", "\t@é"),
      ),
      { maxLength: 30 },
    )
    .map((lines) => lines.map(([parts, owners]) => parts.join("") + owners).join("\n")),
  read: (input) => {
    const text = textOf(input);
    const owners = parseCodeowners(text);
    const lines = text.split("\n").length;
    for (const { line } of [...owners.rules, ...owners.problems])
      promise(line >= 0 && line <= lines, "a rule is on one of the lines");
    for (const path of paths) ownersOf(owners, path);
  },
};
