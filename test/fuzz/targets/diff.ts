import fc from "fast-check";
import { addedLines } from "#core/formats/diff/unified.ts";
import { promise, textOf, type FuzzTarget } from "../target.ts";

const line = fc.constantFrom(
  "+a",
  "-b",
  " c",
  "\\ No newline at end of file",
  "",
  "@@ -1,3 +1,4 @@",
  "@@ -0,0 +1 @@ f()",
  "@@ -999999999,9 +999999999,999999999 @@",
);

/** Patches of changed files. */
export const target: FuzzTarget = {
  name: "diff",
  corpus: [
    "@@ -1,3 +1,4 @@ f()\n a\n-b\n+c\n+d\n e\n@@ -10 +11,2 @@\n x\n+y\n\\ No newline at end of file",
    "@@ -0,0 +1,2 @@\n+a\n+b",
  ],
  madeUp: fc.array(line, { maxLength: 40 }).map((lines) => lines.join("\n")),
  read: (input) => {
    const { added } = addedLines(textOf(input));
    let last = -1;
    for (const each of added) {
      promise(Number.isSafeInteger(each) && each > last, "lines ascend");
      last = each;
    }
  },
};
