import fc from "fast-check";
import { Minimatch } from "minimatch";
import { describe, expect, it } from "vitest";
import { matchesAnyPath, pathsMatching } from "#core/formats/glob.ts";
import { pathTree } from "#core/formats/path-tree.ts";

const portion = fc.constantFrom(
  "a",
  "b",
  "ab",
  "services",
  "*",
  "**",
  "*.ts",
  "a*",
  "a*b",
  "*a*",
  "x.ts",
  "{a,b}",
  "{a,b/a}",
  "{*.ts,a*}",
  "{1..3}",
  "[ab]",
  "?",
  "@(a|b)",
  "!(a)",
  "+(a|b)",
  "",
  ".",
  "..",
  ".*",
  ".github",
  "a\\*",
  "a**",
);
const name = fc.constantFrom(
  "a",
  "b",
  "ab",
  "aab",
  "services",
  "x.ts",
  ".ts",
  "2",
  "",
  ".",
  "..",
  "...",
  ".github",
  "a*",
  "A",
  "ü",
  "🙂",
);
const glob = fc
  .array(portion, { minLength: 1, maxLength: 6 })
  .map((portions) => portions.join("/"));
const path = fc.array(name, { minLength: 1, maxLength: 6 }).map((names) => names.join("/"));

const own = (patterns: readonly string[], paths: readonly string[]): readonly string[] => {
  const found = pathsMatching(patterns, pathTree(paths));
  const matched = paths.filter((each) => found.has(each));
  expect(found.size).toBe(new Set(matched).size);
  return matched;
};

describe("many paths and globs at once", () => {
  it("match as minimatch matches each path", () => {
    fc.assert(
      fc.property(glob, fc.array(path, { maxLength: 12 }), (pattern, paths) => {
        const whole = new Minimatch(pattern, {
          dot: true,
          nonegate: true,
          nocomment: true,
          platform: "linux",
        });
        expect(own([pattern], paths)).toEqual(
          paths.filter((each) => pattern !== "" && (each === pattern || whole.match(each))),
        );
      }),
      { numRuns: 3_000 },
    );
  });

  it("match as a list of globs matches each path", () => {
    fc.assert(
      fc.property(
        fc.array(glob, { maxLength: 4 }),
        fc.array(path, { maxLength: 12 }),
        (patterns, paths) => {
          expect(own(patterns, paths)).toEqual(
            paths.filter((each) => matchesAnyPath(patterns, each)),
          );
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it.each([
    [["vendor/**"], ["vendor", "vendor/a", "vendored/a"], ["vendor/a"]],
    [["**"], ["a", "a/b", ".github/x"], ["a", "a/b", ".github/x"]],
    [["**/a/**"], ["a", "a/b", "x/a/b", "x/a"], ["a/b", "x/a/b"]],
    [["a"], ["a", "a/b"], ["a"]],
    [
      ["app/[id]/page.tsx"],
      ["app/[id]/page.tsx", "app/i/page.tsx"],
      ["app/[id]/page.tsx", "app/i/page.tsx"],
    ],
    [["src/[a-z"], ["src/[a-z", "src/a"], ["src/[a-z"]],
    [["a/**"], ["a//b", "a/./b"], ["a//b"]],
  ])("%j of %j are %j", (patterns, paths, expected) => {
    expect(own(patterns, paths)).toEqual(expected);
  });

  it("answer on hostile globs and folders without stalling", () => {
    const deep = Array.from({ length: 300 }, (_, n) => `${"a/".repeat(500)}${n}`);
    const from = process.cpuUsage().user;
    pathsMatching(
      ["**/a/".repeat(7) + "b", "**/*a*/".repeat(7) + "*b", "{a,*,?}/".repeat(5) + "**/b"],
      pathTree(deep),
    );
    expect((process.cpuUsage().user - from) / 1_000).toBeLessThan(2_000);
  });
});
