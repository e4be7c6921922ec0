import { describe, expect, it } from "vitest";
import type { RequiredCheck } from "#core/model/required-check.ts";
import { unenforcedWords } from "#core/render/required-check.ts";
import { keepsPushesOut, requiredCheckState } from "#core/required-check/state.ts";

const ours = { name: "gatehouse", appId: 7 };
const check = (context: string, app: number | null): RequiredCheck => ({ context, app });

describe("whether our check is required", () => {
  it.each<[string, readonly RequiredCheck[], string, RegExp | null]>([
    ["by our App", [check("gatehouse", 7)], "pinned", null],
    [
      "by our App in one of two rulesets",
      [check("gatehouse", null), check("gatehouse", 7)],
      "pinned",
      null,
    ],
    ["T3: from anybody", [check("gatehouse", null)], "unpinned", /from any source/],
    [
      "T3: from any source, as GitHub writes it",
      [check("gatehouse", -1)],
      "unpinned",
      /from any source/,
    ],
    ["T3: from another App", [check("gatehouse", 15368)], "foreign", /another App \(id 15368\)/],
    [
      "T3: from another App in one ruleset, from anybody in the next",
      [check("gatehouse", 15368), check("gatehouse", null)],
      "unpinned",
      /from any source/,
    ],
    ["by nothing", [], "missing", /no ruleset .* on main, so merges/],
    [
      "T41: under another name",
      [check("gate-house-2", 7), check("unit", null)],
      "missing",
      /on main, only gate-house-2, so/,
    ],
    ["for deployments only", [check("gatehouse / production", 7)], "missing", /no ruleset/],
    [
      "in another case, which is another check",
      [check("Gatehouse", 7)],
      "missing",
      /on main, only Gatehouse, so/,
    ],
  ])("%s", (_what, required, kind, says) => {
    const standing = requiredCheckState(required, ours);
    expect(standing.kind).toBe(kind);
    expect(keepsPushesOut(standing)).toBe(kind !== "missing");
    const words = unenforcedWords(standing, "main");
    if (says === null) expect(words).toBeNull();
    else expect(words).toMatch(says);
  });
});
