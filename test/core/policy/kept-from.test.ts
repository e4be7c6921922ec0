import { describe, expect, it } from "vitest";
import { rulesKeptFrom } from "#core/policy/kept-from.ts";
import { aPolicy, aRule, moody } from "./a-rule.ts";

const kept = (when: unknown, over: Parameters<typeof aRule>[2] = {}) =>
  rulesKeptFrom(
    aPolicy([aRule("titled", moody("a")), aRule("reviewed", moody("b"), { when, ...over })]),
    "scratch",
    "main",
  );

describe("rules of the default branch that a branch of one's own leaves out", () => {
  it.each([
    { branches: ["main"] },
    { branches: ["main"], paths: ["db/**"] },
    { any: [{ branches: ["main"] }, { paths: ["db/**"] }] },
    { not: { branches: ["scratch"] } },
  ])("%j is kept from it", (when) => {
    expect(kept(when)).toEqual(["reviewed"]);
  });

  it.each([
    { paths: ["db/**"] },
    { branches: ["release/*"] },
    { branches: ["scratch"] },
    { branches: ["main", "scratch"] },
    { any: [{ branches: ["scratch"] }, { paths: ["db/**"] }] },
  ])("%j is not", (when) => {
    expect(kept(when)).toEqual([]);
  });

  it("what judges nothing there is not missed", () => {
    const when = { branches: ["main"] };
    expect(kept(when, { enforcement: "evaluate" })).toEqual([]);
    expect(kept(when, { gates: ["deployment"] })).toEqual([]);
  });
});
