import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  globLength,
  globProblem,
  matchesAnyGlob,
  matchesGlob,
} from "../../../src/core/formats/glob.ts";

describe("matchesGlob", () => {
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
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  it("ignores case where GitHub does", () => {
    expect(matchesGlob("Prod*", "PRODUCTION", { ignoreCase: true })).toBe(true);
    expect(matchesAnyGlob(["x", "BUG"], "bug", { ignoreCase: true })).toBe(true);
    expect(matchesAnyGlob(["x", "BUG"], "bug")).toBe(false);
  });

  it("refuses what no glob should be, in words", () => {
    expect(globProblem("src/**")).toBeNull();
    expect(globProblem("")).toMatch(/empty/);
    expect(globProblem("a".repeat(globLength + 1))).toMatch(/at most 512/);
    expect(globProblem("a\nb")).toMatch(/control character/);
    expect(matchesGlob("a".repeat(globLength + 1), "a")).toBe(false);
  });

  it.each([
    ["stars", "*a".repeat(200) + "b", "a".repeat(4_000)],
    ["extended globs", "+(+(a|aa)|a)*(a)b".repeat(20), "a".repeat(4_000)],
    ["globstars", "**/a/".repeat(90) + "b", "a/".repeat(2_000) + "c"],
    ["braces", "{a,b}".repeat(90), "a".repeat(90)],
    ["a numeric range", "{1..99999999}", "x"],
  ])("T19: answers on hostile %s without stalling", (_name, pattern, text) => {
    const start = performance.now();
    matchesGlob(pattern, text);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it("never throws, whatever is written", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.string({ maxLength: 60 }), (pattern, text) => {
        expect(typeof matchesGlob(pattern, text)).toBe("boolean");
      }),
    );
  });

  it("a name always matches itself", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9._[\]{}!*-]{1,30}$/), (name) =>
        matchesGlob(name, name),
      ),
    );
  });
});
