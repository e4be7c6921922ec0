import { describe, expect, it } from "vitest";
import { labels as labelsFact } from "#core/facts/pull-request.ts";
import { labels } from "#core/rules/labels/rule.ts";
import { anEvent, factsOf, tell } from "../build.ts";
import { judge } from "../judge.ts";

const standing = (...names: string[]) =>
  factsOf(
    tell(
      labelsFact.need(),
      names.map((name) => ({ name })),
    ),
  );

describe("labels", () => {
  it.each([
    { params: { all: ["qa", "docs"] }, on: ["docs", "qa", "x"], kind: "pass", need: "" },
    { params: { all: ["qa", "docs"] }, on: ["docs"], kind: "fail", need: "Needs the label qa" },
    { params: { any: ["major", "minor"] }, on: ["minor"], kind: "pass", need: "" },
    {
      params: { any: ["major", "minor"] },
      on: [],
      kind: "fail",
      need: "Needs a label: major or minor",
    },
    { params: { none: ["do-not-merge"] }, on: [], kind: "pass", need: "" },
    {
      params: { none: ["do-not-merge"] },
      on: ["Do-Not-Merge"],
      kind: "fail",
      need: "The label do-not-merge must go",
    },
    { params: { all: ["QA"] }, on: ["qa"], kind: "pass", need: "" },
    {
      params: { all: ["a"], none: ["b"] },
      on: ["b"],
      kind: "fail",
      need: "Needs the label a; the label b must go",
    },
  ])("$params with $on → $kind", ({ params, on, kind, need }) => {
    expect(judge(labels, params, standing(...on))).toMatchObject({ kind, need });
  });

  it.each(["qa\u200b", "q\u0430", "\u202eaq"])(
    "T31: %j only looks like the label qa",
    (lookalike) => {
      expect(judge(labels, { all: ["qa"] }, standing(lookalike)).kind).toBe("fail");
    },
  );

  it("refuses parameters that say nothing", () => {
    expect(labels.params.safeParse({}).success).toBe(false);
  });

  it("is deaf to labels that it does not name", () => {
    const bound = labels.bind({ all: ["qa"] });
    expect(bound.isAffectedBy(anEvent("pull_request.labeled", { label: "QA" }))).toBe(true);
    expect(bound.isAffectedBy(anEvent("pull_request.labeled", { label: "other" }))).toBe(false);
    expect(bound.isAffectedBy(anEvent("pull_request.opened"))).toBe(true);
  });

  it.each([
    { ours: { all: ["a"] }, theirs: { all: ["a", "b"] }, is: "tighter" },
    { ours: { all: ["a", "b"] }, theirs: { all: ["a"] }, is: "looser" },
    { ours: { any: ["a", "b"] }, theirs: { any: ["a"] }, is: "tighter" },
    { ours: { any: ["a"] }, theirs: { any: ["a", "b"] }, is: "looser" },
    { ours: { any: ["a"] }, theirs: { all: ["a"] }, is: "looser" },
    { ours: { all: ["a"] }, theirs: { all: ["a"], any: ["b"] }, is: "tighter" },
    { ours: { none: ["a"] }, theirs: { none: ["a", "b"] }, is: "tighter" },
    { ours: { none: ["a"] }, theirs: { none: ["b"] }, is: "looser" },
  ])("$ours against $theirs is $is", ({ ours, theirs, is }) => {
    expect(labels.compare(ours, theirs)).toBe(is);
  });
});
