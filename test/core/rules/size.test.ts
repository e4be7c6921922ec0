import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changedFiles } from "#core/facts/pull-request.ts";
import { size } from "#core/rules/size/rule.ts";
import { aFile, factsOf, tell } from "../build.ts";
import { judge } from "../judge.ts";

const files = (...list: ReturnType<typeof aFile>[]) => factsOf(tell(changedFiles.need(), list));

describe("size", () => {
  it.each([
    { params: { max_lines: 6 }, kind: "pass", found: "6 lines in 1 file" },
    { params: { max_lines: 5 }, kind: "fail", found: "6 lines in 1 file" },
    { params: { max_files: 1 }, kind: "pass", found: "6 lines in 1 file" },
    { params: { max_files: 0 }, kind: "fail", found: "6 lines in 1 file" },
  ])(
    "row j: a rename +2/−4 counts its lines and itself once: $params → $kind",
    ({ params, kind, found }) => {
      const renamed = aFile("new.ts", {
        previousPath: "old.ts",
        status: "renamed",
        additions: 2,
        deletions: 4,
      });
      expect(judge(size, params, files(renamed))).toMatchObject({ kind, found });
    },
  );

  it("does not count ignored files", () => {
    const params = { max_lines: 10, ignore: ["package-lock.json", "generated/**"] };
    const facts = files(
      aFile("package-lock.json", { additions: 5000 }),
      aFile("generated/a/b.ts", { additions: 900 }),
      aFile("src/a.ts"),
    );
    expect(judge(size, params, facts)).toMatchObject({ kind: "pass", found: "2 lines in 1 file" });
  });

  it("counts a file that is moved from or to an ignored path", () => {
    const moved = aFile("generated/a.ts", {
      previousPath: "src/a.ts",
      status: "renamed",
      additions: 50,
      deletions: 0,
    });
    expect(judge(size, { max_lines: 10, ignore: ["generated/**"] }, files(moved)).kind).toBe(
      "fail",
    );
  });

  it("says both limits that are broken", () => {
    const verdict = judge(size, { max_lines: 1, max_files: 1 }, files(aFile("a"), aFile("b")));
    expect(verdict.need).toBe("4 changed lines > 1; 2 changed files > 1");
  });

  it("never passes more with a smaller limit", () => {
    fc.assert(
      fc.property(
        fc.nat(50),
        fc.nat(50),
        fc.array(fc.record({ additions: fc.nat(20), deletions: fc.nat(20) }), { maxLength: 6 }),
        (a, b, changes) => {
          const [less, more] = a < b ? [a, b] : [b, a];
          const facts = files(...changes.map((change, i) => aFile(`f${i}`, change)));
          if (judge(size, { max_lines: less }, facts).kind === "pass")
            expect(judge(size, { max_lines: more }, facts).kind).toBe("pass");
        },
      ),
    );
  });

  it.each([
    { ours: { max_lines: 500 }, theirs: { max_lines: 300 }, is: "tighter" },
    { ours: { max_lines: 500 }, theirs: { max_lines: 800 }, is: "looser" },
    { ours: { max_lines: 500 }, theirs: { max_files: 3 }, is: "looser" },
    { ours: { max_lines: 500 }, theirs: { max_lines: 500, max_files: 3 }, is: "tighter" },
    { ours: { max_lines: 500 }, theirs: { max_lines: 500, ignore: ["*.lock"] }, is: "looser" },
    { ours: { max_lines: 500, ignore: ["*.lock"] }, theirs: { max_lines: 500 }, is: "tighter" },
  ])("$ours against $theirs is $is", ({ ours, theirs, is }) => {
    expect(size.compare(ours, theirs)).toBe(is);
  });
});
