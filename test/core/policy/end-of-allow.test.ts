import { describe, expect, it } from "vitest";
import type { RuleOutcome } from "#core/model/decision.ts";
import { pass, pending, type Verdict } from "#core/model/verdict.ts";
import { endOfAllow } from "#core/policy/combine.ts";
import { all, any } from "#core/rules/kit/compose.ts";

const outcome = (verdict: Verdict, enforcement: RuleOutcome["enforcement"] = "active") => ({
  name: "r",
  description: "",
  source: "repository" as const,
  enforcement,
  verdict,
});
const until = (goodUntil: number): Verdict => pass({ found: "", required: "", goodUntil });
const ever = pass({ found: "", required: "" });
const waits = pending({ found: "", required: "" });

describe("the end of what an allow may be relied on", () => {
  it("is the earliest of what its passes stand on and of what turns by itself", () => {
    expect(endOfAllow({ rules: [outcome(until(9)), outcome(until(7))] })).toBe(7);
    expect(endOfAllow({ rules: [outcome(until(9))], changesAt: 3 })).toBe(3);
    expect(endOfAllow({ rules: [outcome(ever)] })).toBeUndefined();
  });

  it("is none of a rule that only tries itself out", () => {
    expect(endOfAllow({ rules: [outcome(until(7), "evaluate")] })).toBeUndefined();
  });

  it("is that of the parts: of all, or of those by which any passes", () => {
    expect(all([until(9), until(7), ever]).goodUntil).toBe(7);
    expect(any([waits, until(7)]).goodUntil).toBe(7);
    expect(any([until(7), until(9)]).goodUntil).toBe(7);
  });
});
