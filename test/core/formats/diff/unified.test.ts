import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addedLines } from "#core/formats/diff/unified.ts";

describe("addedLines", () => {
  it.each<[string, string, readonly number[], boolean]>([
    ["one hunk", "@@ -1,3 +1,4 @@ function f() {\n a\n-b\n+B\n+C\n c", [2, 3], true],
    [
      "two hunks",
      "@@ -1,1 +1,2 @@\n a\n+b\n@@ -10,2 +11,1 @@\n-x\n c\n@@ -20,0 +20,1 @@\n+z",
      [2, 20],
      true,
    ],
    [
      "a new file of one line, no newline at its end",
      "@@ -0,0 +1 @@\n+only\n\\ No newline at end of file",
      [1],
      true,
    ],
    ["a removed file", "@@ -1,2 +0,0 @@\n-a\n-b", [], true],
    [
      "added text that looks like a diff",
      "@@ -1,1 +1,4 @@\n a\n+@@ -1 +1 @@\n+++ b/x\n+--- a/x",
      [2, 3, 4],
      true,
    ],
    ["removed text that looks like a header", "@@ -1,2 +1,1 @@\n--- a/x\n a", [], true],
    ["context that lost its blank", "@@ -1,3 +1,4 @@\n a\n\n+b\n c", [3], true],
    ["CRLF", "@@ -1,1 +1,2 @@\r\n a\r\n+b\r\n", [2], true],
    ["nothing", "", [], true],
    ["cut off in a hunk", "@@ -1,3 +1,9 @@\n a\n+b\n+c", [2, 3], false],
    ["a hunk that goes back", "@@ -1,2 +1,2 @@\n-a\n+b\n c\n@@ -1 +1 @@\n+d", [1], false],
    ["a hunk of no lines after others", "@@ -1 +1,2 @@\n a\n+b\n@@ -4,1 +2,0 @@\n-c", [2], true],
    ["a hunk longer than its header", "@@ -1,1 +1,2 @@\n a\n+b\n+c", [2], false],
    ["a header that is none", "@@ nonsense @@\n+a", [], false],
    ["no header", "+a", [], false],
    ["a mark that no diff has", "@@ -1,1 +1,2 @@\n a\n?b", [], false],
    ["a count no file has", "@@ -1,99999999999999 +1 @@\n+a", [], false],
  ])("%s", (_, patch, added, complete) => {
    expect(addedLines(patch)).toEqual({ added, complete });
  });

  it("numbers the added lines of any edit as in the new file", () => {
    const edit = fc.array(
      fc.tuple(
        fc.constantFrom(" ", "+", "-"),
        fc.string({ unit: fc.constantFrom("a", "@", "+", "-", " ", "\\"), maxLength: 5 }),
      ),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(edit, fc.nat(500), (rows, before) => {
        const fresh = rows.filter(([mark]) => mark !== "-");
        const patch = `@@ -${before + 1},${rows.filter(([mark]) => mark !== "+").length} +${before + 1},${fresh.length} @@\n${rows.map(([mark, text]) => mark + text).join("\n")}`;
        const expected = fresh.flatMap(([mark], i) => (mark === "+" ? [before + 1 + i] : []));
        expect(addedLines(patch)).toEqual({ added: expected, complete: true });
      }),
    );
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string(), (text) =>
        Array.isArray(addedLines(`@@ -1,5 +1,5 @@\n${text}`).added),
      ),
    );
  });
});
