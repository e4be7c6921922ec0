import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { verdictKinds, type VerdictKind } from "../../../src/core/model/verdict.ts";
import { all, any } from "../../../src/core/policy/compose.ts";
import { verdictOf } from "./a-rule.ts";

const kindOf = (compose: typeof all, kinds: readonly VerdictKind[]): VerdictKind => compose(kinds.map((kind) => verdictOf(kind))).kind;

describe("all", () => {
  it.each<[readonly VerdictKind[], VerdictKind]>([
    [["pass", "skipped"], "pass"],
    [["skipped", "skipped"], "skipped"],
    [["pass", "unknown"], "unknown"],
    [["pass", "pending"], "pending"],
    [["pass", "fail"], "fail"],
    [["unknown", "fail"], "fail"],
    [["pending", "fail"], "fail"],
    [["pending", "unknown"], "unknown"],
    [["skipped", "fail"], "fail"],
    [["pass", "pass"], "pass"],
  ])("i: of %j is %s", (kinds, expected) => {
    expect(kindOf(all, kinds)).toBe(expected);
  });

  it("says what is missing, not what is met", () => {
    const verdict = all([verdictOf("pass"), verdictOf("fail", { need: "needs tests", found: "no tests" }), verdictOf("fail", { need: "needs a title", found: "no title" })]);
    expect(verdict).toMatchObject({ need: "needs tests and needs a title", found: "no tests; no title" });
  });

  it("changes when the first of its parts may", () => {
    expect(all([verdictOf("pass", { changesAt: 5 }), verdictOf("pending", { changesAt: 3 })]).changesAt).toBe(3);
  });
});

describe("any", () => {
  it.each<[readonly VerdictKind[], VerdictKind]>([
    [["pass", "unknown"], "pass"],
    [["pass", "fail"], "pass"],
    [["pending", "fail"], "pending"],
    [["unknown", "fail"], "unknown"],
    [["unknown", "pending"], "pending"],
    [["fail", "fail"], "fail"],
    [["skipped", "fail"], "fail"],
    [["skipped", "pass"], "pass"],
    [["skipped", "skipped"], "skipped"],
    [["skipped", "unknown"], "unknown"],
  ])("i: of %j is %s", (kinds, expected) => {
    expect(kindOf(any, kinds)).toBe(expected);
  });

  it("names every way out while none is taken, and the one that was", () => {
    const [open, failed, met] = [verdictOf("pending", { need: "needs a review" }), verdictOf("fail", { need: "needs a label" }), verdictOf("pass", { found: "a review" })];
    expect(any([open, failed]).need).toBe("needs a review or needs a label");
    expect(any([failed, met])).toMatchObject({ need: "", found: "a review" });
  });
});

const kinds = fc.array(fc.constantFrom(...verdictKinds), { minLength: 1, maxLength: 6 });

describe.each([
  ["all", all],
  ["any", any],
] as const)("%s", (name, compose) => {
  it("does not care about order", () => {
    fc.assert(
      fc.property(kinds, fc.infiniteStream(fc.nat()), (list, order) => {
        const shuffled = list.map((kind) => ({ kind, at: order.next().value })).toSorted((a, b) => a.at - b.at);
        expect(kindOf(compose, shuffled.map(({ kind }) => kind))).toBe(kindOf(compose, list));
      }),
    );
  });

  it("unknown never allows: replacing an unknown part by any other verdict turns no pass into anything else", () => {
    fc.assert(
      fc.property(kinds, fc.constantFrom<VerdictKind>("fail", "pending", "pass"), (list, learnt) => {
        if (kindOf(compose, list) !== "pass") return;
        const known = list.map((kind) => (kind === "unknown" ? learnt : kind));
        expect(kindOf(compose, known)).toBe("pass");
      }),
    );
  });

  it("an answer that stands on nothing known is unknown", () => {
    expect(kindOf(compose, ["unknown", "unknown"])).toBe("unknown");
    expect(name).toBeTruthy();
  });
});
