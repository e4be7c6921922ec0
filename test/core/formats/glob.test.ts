import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  globLength,
  globProblem,
  matchesAnyName,
  matchesName,
  matchesPath,
} from "#core/formats/glob.ts";
import { patience } from "../../support/patience.ts";

describe("matchesPath", () => {
  it.each([
    ["main", "main", true],
    ["release/*", "release/1.2", true],
    ["release/*", "release/1/2", false],
    ["release/**", "release/1/2", true],
    ["src/**", "src/a/b.ts", true],
    ["src/**", "src", false],
    ["**/*.ts", "a.ts", true],
    ["**/*.ts", "deep/down/a.ts", true],
    ["*.{yml,yaml}", ".hidden.yaml", true],
    ["production*", "production-eu", true],
    ["*", ".github", true],
    ["!main", "dev", false],
    ["!main", "!main", true],
    ["#1", "#1", true],
    ["[ab]c", "bc", true],
    ["?", "ab", false],
    ["app/[id]/page.tsx", "app/[id]/page.tsx", true],
    ["", "", false],
    ["Main", "main", false],
  ])("%j on %j is %s", (pattern, text, expected) => {
    expect(matchesPath(pattern, text)).toBe(expected);
  });

  it("ignores case where GitHub does", () => {
    expect(matchesName("Prod*", "PRODUCTION", { ignoreCase: true })).toBe(true);
    expect(matchesAnyName(["x", "BUG"], "bug", { ignoreCase: true })).toBe(true);
    expect(matchesAnyName(["x", "BUG"], "bug")).toBe(false);
  });

  it("refuses what no glob should be, in words", () => {
    expect(globProblem("src/**", "path")).toBeNull();
    expect(globProblem("", "name")).toMatch(/empty/);
    expect(globProblem("a".repeat(globLength + 1), "path")).toMatch(/at most 512/);
    expect(globProblem("a\nb", "name")).toMatch(/control character/);
    expect(matchesPath("a".repeat(globLength + 1), "a")).toBe(false);
  });

  it.each([
    ["stars", "*a".repeat(200) + "b", "a".repeat(4_000)],
    ["extended globs", "+(+(a|aa)|a)*(a)b".repeat(20), "a".repeat(4_000)],
    ["globstars", "**/a/".repeat(90) + "b", "a/".repeat(2_000) + "c"],
    ["braces", "{a,b}".repeat(90), "a".repeat(90)],
    ["a numeric range", "{1..99999999}", "x"],
  ])("T19: answers on hostile %s without stalling", (_name, pattern, text) => {
    const start = performance.now();
    matchesPath(pattern, text);
    matchesName(pattern, text);
    expect(performance.now() - start).toBeLessThan(2_000 * patience);
  });

  it("never throws, whatever is written", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.string({ maxLength: 60 }), (pattern, text) => {
        expect(typeof matchesPath(pattern, text)).toBe("boolean");
      }),
    );
  });

  it("a name always matches itself", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9._[\]{}!*-]{1,30}$/), (name) =>
        matchesPath(name, name),
      ),
    );
  });
});

describe("names", () => {
  it.each([
    ["build *", "build (a/b)", true],
    ["build *", "build a", true],
    ["deploy?prod", "deploy/prod", true],
    ["*", "area/api", true],
    ["**", "area/api", true],
    ["**/api", "api", true],
    ["area/*", "area/api/v2", true],
    ["{ci,cd} *", "ci a/b/c", true],
    ["!(docs)", "a/b", true],
    ["*", "..", true],
    ["*", "//", true],
    ["[!a]x", "/x", true],
    ["build *", "built a", false],
    ["area/*", "areaXapi", false],
    ["area/*", "area\u0001api", false],
  ])("W14: %j on %j is %s", (pattern, text, expected) => {
    expect(matchesName(pattern, text)).toBe(expected);
    expect(matchesAnyName([pattern], text)).toBe(expected);
  });

  const part = fc.constantFrom("*", "?", "**", "a", "b", "/", " ", "[a-c]", "{a,b}", "(", ")", ".");
  const text = fc.string({
    unit: fc.constantFrom("a", "b", "/", " ", ".", "(", ")"),
    maxLength: 12,
  });

  it("W14: a pattern never matches fewer names because of a slash", () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), text, (parts, name) => {
        const pattern = parts.join("");
        // What matches as a path, or with the slash of the name written as another character, matches as a name.
        if (globProblem(pattern, "name") !== null) return;
        if (matchesPath(pattern, name)) expect(matchesName(pattern, name)).toBe(true);
        if (!pattern.includes("/") && matchesName(pattern, name.replaceAll("/", "x")))
          expect(matchesName(pattern, name)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("W12: brackets in the names that GitHub makes of matrix lists are characters", () => {
  it.each([
    ["build (ubuntu, [a, b])", "build (ubuntu, a)", false],
    ["build (ubuntu, [a, b])", "build (ubuntu, [a, b])", true],
    ["build (*, [a, b])", "build (linux, [a, b])", true],
    ["build (*, [a, b])", "build (linux, b)", false],
    ["build ([a,b])", "build (a)", false],
    ["* ([a])", "build (a)", false],
    ["* ([a])", "build ([a])", true],
    ["[Bb]uild", "build", true],
    ["v[0-9]", "v7", true],
    ["what[?]", "what?", true],
    ["\\[a, b\\]", "[a, b]", true],
  ])("%s and %s: %s", (pattern, name, expected) => {
    expect(matchesName(pattern, name)).toBe(expected);
  });
});

describe("globs that can never match as they are meant", () => {
  it.each([
    ["src/[a-z", "["],
    ["main[", "["],
    ["{a,b", "{"],
    ["{a,{b,c}", "{"],
    ["@(main|dev", "("],
    ["release-!(a", "("],
    ["[]", "["],
    ["[!", "["],
    ["a\\", "backslash"],
    ["[z-a]", "backwards"],
  ])("W39: %s is a problem in paths and names", (pattern, named) => {
    expect(globProblem(pattern, "path")).toContain(named);
    expect(globProblem(pattern, "name")).toContain(named);
  });

  it.each(["[a/b]*", "src/[a/z]", "@(a/b|c)"])(
    "W39: %s is one of names, and never ends in a segment of a path",
    (pattern) => {
      expect(globProblem(pattern, "path")).toContain("is not closed");
      expect(globProblem(pattern, "name")).toBeNull();
    },
  );

  it.each([
    "build (linux",
    "build (*)",
    "a}",
    "a]",
    "\\[x",
    "\\{x",
    "{a,b}/**",
    "[[:alpha:]]*",
    "[]a]",
    "[!]]",
    "@(a|b)",
    "*[bot]",
    "**/*{.,_,-}{test,tests,spec}.*",
    "[a-zA-Z0-9_.-]*",
    "[{]x",
  ])("W39: %s is closed", (pattern) => {
    expect(globProblem(pattern, "path")).toBeNull();
    expect(globProblem(pattern, "name")).toBeNull();
  });
});
