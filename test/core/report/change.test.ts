import { describe, expect, it } from "vitest";
import type { PushSeen } from "#core/model/push.ts";
import { readChange } from "#core/report/change.ts";
import { evidenceOf } from "#core/report/change-evidence.ts";
import { firstPushAt } from "#core/report/committed-at.ts";
import { aChange, day } from "./build.ts";

const push = (
  before: string | null,
  after: string,
  at: number,
  kind: PushSeen["kind"] = "push",
): PushSeen => ({
  ref: "refs/heads/topic",
  before,
  after,
  kind,
  by: null,
  at,
});

describe("the first push of a branch", () => {
  it.each<[string, readonly PushSeen[], number | null]>([
    ["made with the head", [push(null, "c", 1, "creation")], 1],
    [
      "pushed to since",
      [push(null, "a", 1, "creation"), push("a", "b", 2), push("b", "c", 3, "force_push")],
      1,
    ],
    ["whose beginning nobody heard", [push("a", "b", 2), push("b", "c", 3)], null],
    ["that was found there", [push(null, "b", 2, "first_seen"), push("b", "c", 3)], null],
    [
      "of a name that was used before",
      [push(null, "x", 1, "creation"), push("x", "y", 2), push(null, "c", 9, "creation")],
      9,
    ],
    ["that went in a circle", [push("b", "c", 2), push("c", "b", 3)], null],
    ["of which nothing was heard", [], null],
  ])("%s", (_name, pushes, at) => {
    expect(firstPushAt(pushes, "c")).toBe(at);
  });
});

describe("what the last decision was made of", () => {
  const fact = (value: unknown, evidence: readonly unknown[] = []) => ({
    ok: true,
    value,
    evidence,
  });
  const review = (login: string, state: string) => ({ by: { login }, state });
  it("tells who approves by their last word, what it closes, its scans and coverage", () => {
    expect(
      evidenceOf(
        new Map<string, unknown>([
          [
            "reviews",
            fact([
              review("bob", "approved"),
              review("eve", "approved"),
              review("eve", "changes_requested"),
              review("bob", "commented"),
            ]),
          ],
          ["linked_issues", fact([4])],
          [
            "findings_code_scanning",
            fact({}, [{ label: "CodeQL", url: "https://scan.example/1" }]),
          ],
          ["findings_base", fact({}, [{ label: "base" }])],
          ['coverage_report:{"from":{}}', fact({ kind: "figures", project: { percent: 81.5 } })],
        ]),
      ),
    ).toEqual({
      approvedBy: ["bob"],
      tickets: ["#4"],
      scans: ["https://scan.example/1"],
      coverage: 81.5,
    });
  });

  it("leaves a gap where no rule read it, or it could not be read", () => {
    const gap = { approvedBy: null, tickets: null, scans: null, coverage: null };
    expect(evidenceOf(new Map())).toEqual(gap);
    expect(evidenceOf(new Map([["reviews", { ok: false, code: "unavailable" }]]))).toEqual(gap);
  });
});

it("is read again as it was kept, and not from another shape", () => {
  const change = aChange("a", 1, day(1));
  expect(readChange(JSON.parse(JSON.stringify(change)))).toEqual(change);
  expect(readChange({ number: 1 })).toBeNull();
});
