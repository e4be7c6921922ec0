import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Annotation } from "#core/model/evidence.ts";
import { verdictKinds, type Verdict, type VerdictKind } from "#core/model/verdict.ts";
import { all, any } from "#core/rules/kit/compose.ts";
import { verdictOf } from "./a-rule.ts";

const kindOf = (compose: typeof all, kinds: readonly VerdictKind[]): VerdictKind =>
  compose(kinds.map((kind) => verdictOf(kind))).kind;

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
    const verdict = all([
      verdictOf("pass"),
      verdictOf("fail", { need: "needs tests", found: "no tests" }),
      verdictOf("fail", { need: "needs a title", found: "no title" }),
    ]);
    expect(verdict).toMatchObject({
      need: "needs tests and needs a title",
      found: "no tests; no title",
    });
  });

  it("changes when the first of its parts may", () => {
    expect(
      all([verdictOf("pass", { changesAt: 5 }), verdictOf("pending", { changesAt: 3 })]).changesAt,
    ).toBe(3);
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
    const [open, failed, met] = [
      verdictOf("pending", { need: "needs a review" }),
      verdictOf("fail", { need: "needs a label" }),
      verdictOf("pass", { found: "a review" }),
    ];
    expect(any([open, failed]).need).toBe("needs a review or needs a label");
    expect(any([failed, met])).toMatchObject({ need: "", found: "a review" });
  });
});

describe("what is told of several parts", () => {
  const annotation = (path: string): Annotation => ({
    path,
    startLine: 1,
    endLine: 1,
    level: "failure",
    title: "t",
    message: "m",
  });
  const told = (name: string, kind: VerdictKind, over: Partial<Verdict> = {}): Verdict =>
    verdictOf(kind, {
      found: `found ${name}`,
      required: `asks ${name}`,
      need: kind === "pass" || kind === "skipped" ? "" : `Needs ${name}`,
      next: kind === "pass" || kind === "skipped" ? "" : `Do ${name}.`,
      evidence: [{ label: `evidence ${name}` }],
      annotations: [annotation(name)],
      warnings: [`warning ${name}`, "the same"],
      links: [{ label: name, url: `https://example.org/${name}` }],
      ...over,
    });
  const [met, open, failed, off] = [
    told("met", "pass"),
    told("open", "pending"),
    told("failed", "fail"),
    told("off", "skipped"),
  ];

  it("all: what decides is found, needed and next; every part that counts is asked for", () => {
    expect(all([met, off, failed, told("other", "fail")])).toMatchObject({
      kind: "fail",
      found: "found failed; found other",
      need: "Needs failed and needs other",
      next: "Do failed. Do other.",
      required: "asks met and asks failed and asks other",
    });
  });

  it("all: where every part is skipped, that is what is told", () => {
    expect(all([off, told("away", "skipped")])).toMatchObject({
      kind: "skipped",
      found: "found off; found away",
      required: "asks off and asks away",
    });
  });

  it("any: every way out is told, those that are skipped left out", () => {
    expect(any([open, off, failed])).toMatchObject({
      kind: "pending",
      found: "found open; found failed",
      need: "Needs open or needs failed",
      next: "Do open. Or: Do failed.",
      required: "asks open or asks off or asks failed",
    });
  });

  it("any: where one is met, that one alone is told", () => {
    expect(any([failed, met, told("second", "pass", { next: "" })])).toMatchObject({
      kind: "pass",
      found: "found met; found second",
      need: "",
      next: "",
    });
    expect(any([failed, met]).evidence).toEqual([{ label: "evidence met" }]);
    expect(any([failed, met]).warnings).toEqual(["warning met", "the same"]);
  });

  it("any: where every part is skipped, that is what is told", () => {
    expect(any([off, told("away", "skipped")])).toMatchObject({
      kind: "skipped",
      found: "found off; found away",
    });
  });

  it.each([
    ["all", all],
    ["any", any],
  ] as const)(
    "%s: evidence, annotations, warnings and links of the parts, in their order, warnings once",
    (_name, compose) => {
      expect(compose([open, failed])).toMatchObject({
        evidence: [{ label: "evidence open" }, { label: "evidence failed" }],
        annotations: [annotation("open"), annotation("failed")],
        warnings: ["warning open", "the same", "warning failed"],
        links: [{ label: "open" }, { label: "failed" }],
      });
    },
  );

  it.each([
    ["all", all],
    ["any", any],
  ] as const)("%s: without an instant at which a part changes there is none", (_name, compose) => {
    expect(compose([open, failed])).not.toHaveProperty("changesAt");
    expect(compose([told("a", "pending", { changesAt: 7 }), open])).toHaveProperty("changesAt", 7);
  });

  it("any: when a part that is not taken changes says nothing about the one that is", () => {
    expect(
      any([told("a", "pending", { changesAt: 7 }), told("b", "pass", { changesAt: 9 })]),
    ).toHaveProperty("changesAt", 9);
  });

  it.each([
    ["all", all],
    ["any", any],
  ] as const)(
    "%s: parts that say nothing leave no gap, and what is said twice is said once",
    (_name, compose) => {
      expect(
        compose([
          told("a", "fail", { found: "" }),
          told("b", "fail", { found: "x" }),
          told("c", "fail", { found: "x" }),
        ]).found,
      ).toBe("x");
    },
  );

  it.each([
    ["all", all],
    ["any", any],
  ] as const)("%s: nothing judged is nothing known", (_name, compose) => {
    expect(compose([]).kind).toBe("unknown");
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
        const shuffled = list
          .map((kind) => ({ kind, at: order.next().value }))
          .toSorted((a, b) => a.at - b.at);
        expect(
          kindOf(
            compose,
            shuffled.map(({ kind }) => kind),
          ),
        ).toBe(kindOf(compose, list));
      }),
    );
  });

  it("unknown never allows: replacing an unknown part by any other verdict turns no pass into anything else", () => {
    fc.assert(
      fc.property(
        kinds,
        fc.constantFrom<VerdictKind>("fail", "pending", "pass"),
        (list, learnt) => {
          if (kindOf(compose, list) !== "pass") return;
          const known = list.map((kind) => (kind === "unknown" ? learnt : kind));
          expect(kindOf(compose, known)).toBe("pass");
        },
      ),
    );
  });

  it("an answer that stands on nothing known is unknown", () => {
    expect(kindOf(compose, ["unknown", "unknown"])).toBe("unknown");
    expect(name).toBeTruthy();
  });
});
