import { describe, expect, it } from "vitest";
import { decisionId, readDecisionId } from "#core/record/decision-address.ts";

describe("names of decisions", () => {
  it.each(["pr:1:4", `mg:1:${"a".repeat(40)}`, "dep:1:7:eu:abcdef012345"])(
    "read back what was written: %s",
    (subjectKey) => {
      const headSha = "0123456789abcdef0123456789abcdef01234567";
      expect(readDecisionId(decisionId({ subjectKey, headSha }))).toEqual({
        kind: "newest",
        subjectKey,
        head: headSha.slice(0, 12),
      });
    },
  );

  it.each([
    ["12", { kind: "entry", seq: 12 }],
    ["pr:1:4", { kind: "newest", subjectKey: "pr:1:4", head: null }],
    ["012", null],
    ["issue:1:4", null],
    ["pr:1:4\n", null],
    ["", null],
  ])("%j is what it says, or nothing", (id, name) => {
    expect(readDecisionId(id)).toEqual(name);
  });
});
