import fc from "fast-check";
import { Minimatch } from "minimatch";
import { describe, expect, it } from "vitest";
import { mayMatch, outlineOf } from "#core/formats/glob-outline.ts";
import { matchesAnyPath } from "#core/formats/glob.ts";

const matcher = (pattern: string, nocase = false): Minimatch =>
  new Minimatch(pattern, { dot: true, nonegate: true, nocomment: true, platform: "linux", nocase });
const may = (pattern: string, text: string): boolean => mayMatch(outlineOf(matcher(pattern)), text);

const portion = fc.constantFrom(
  "a",
  "b",
  "ab",
  "services",
  "*",
  "**",
  "*.ts",
  "x.ts",
  "{a,b}",
  "[ab]",
  "?",
  "@(a|b)",
  "",
  ".",
  "..",
  ".github",
  "a\\*",
);
const name = fc.constantFrom(
  "a",
  "b",
  "ab",
  "services",
  "x.ts",
  "",
  ".",
  "..",
  ".github",
  "a*",
  "A",
);
const glob = fc
  .array(portion, { minLength: 1, maxLength: 5 })
  .map((portions) => portions.join("/"));
const text = fc.array(name, { minLength: 1, maxLength: 6 }).map((names) => names.join("/"));

describe("the outline of a glob", () => {
  it("never says no to what the glob matches", () => {
    fc.assert(
      fc.property(glob, text, fc.boolean(), (pattern, path, nocase) => {
        const whole = matcher(pattern, nocase);
        if (whole.match(path)) expect(mayMatch(outlineOf(whole), path)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ["services/shop/**", "services/shop/a.ts", true],
    ["services/shop/**", "services//shop/a.ts", true],
    ["services/shop/**", "services/shopping/a.ts", false],
    ["services/shop/**", "packages/shop/a.ts", false],
    ["packages/*/shop/**", "packages/lib/pay/a.ts", false],
    ["**/migrations/**", "src/migrations/1.sql", true],
    ["**/migrations/**", "src/models/1.sql", false],
    ["{docs,site}/**", "site/a.md", true],
    ["{docs,site}/**", "src/a.md", false],
    ["/a", "//a", true],
  ])("%s seen from %s is %s", (pattern, path, expected) => {
    expect(may(pattern, path)).toBe(expected);
  });
});

it("a list of globs answers as its globs do, again and again", () => {
  fc.assert(
    fc.property(
      fc.array(glob, { maxLength: 4 }),
      fc.array(text, { maxLength: 6 }),
      (patterns, paths) => {
        for (const path of [...paths, ...paths]) {
          const expected = patterns.some((pattern) =>
            pattern === path ? pattern !== "" : pattern !== "" && matcher(pattern).match(path),
          );
          expect(matchesAnyPath(patterns, path)).toBe(expected);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
