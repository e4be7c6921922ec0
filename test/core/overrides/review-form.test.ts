import { describe, expect, it } from "vitest";
import {
  caughtBy,
  judgedRight,
  readReviewForm,
  reviewForm,
  unanswered,
} from "#core/overrides/review-form.ts";

const filled = `### Incident
https://status.example/42

### Impact
<!-- Who noticed it -->
Checkout was down
for ten minutes.

### Rule that would have caught it
\`contract-tests\`, had it run.

### What changes
nothing

### Was it right to go past the gate
Yes: customers waited.
`;

describe("the form of a review", () => {
  it("is empty as it is printed", () => {
    expect(readReviewForm(reviewForm())).toEqual({});
    expect(unanswered({})).toHaveLength(4);
  });

  it("is read below its headings", () => {
    const answers = readReviewForm(filled.replaceAll("\n", "\r\n"));
    expect(answers).toEqual({
      incident: "https://status.example/42",
      impact: "Checkout was down\nfor ten minutes.",
      caughtBy: "`contract-tests`, had it run.",
      changes: "nothing",
      judged: "Yes: customers waited.",
    });
    expect(unanswered(answers)).toEqual([]);
  });

  it.each([
    ["on one line", "Impact: nobody noticed", { impact: "nobody noticed" }],
    ["in bold", "**Impact:** nobody", { impact: "nobody" }],
    ["in bold with the colon outside", "**Impact**: nobody", { impact: "nobody" }],
    ["by any case", "## IMPACT\nnobody", { impact: "nobody" }],
    ["not from a quote", "> ### Impact\n> nobody", {}],
    ["not from code", "```\n### Impact\nnobody\n```", {}],
    ["not from a comment", "<!--\n### Impact\nnobody\n-->", {}],
    ["not from a comment that never ends", "<!--\n### Impact\nnobody", {}],
    ["not from what is left blank", "### Impact\n_No response_", {}],
    ["not beyond another heading", "### Impact\nnobody\n# Notes\nelse", { impact: "nobody" }],
  ])("%s", (_how, text, answers) => {
    expect(readReviewForm(text)).toEqual(answers);
  });

  it("hostile text costs no time", () => {
    const from = performance.now();
    readReviewForm("<!--".repeat(20_000));
    readReviewForm("### Impact\n".repeat(6_000));
    readReviewForm(`**${" ".repeat(60_000)}`);
    expect(performance.now() - from).toBeLessThan(500);
  });

  it.each([
    ["yes", true],
    ["**Right**, it was.", true],
    ["No.", false],
    ["wrong", false],
    ["yesterday", undefined],
    ["perhaps", undefined],
  ])("judges %s", (judged, right) => {
    expect(judgedRight({ judged })).toBe(right);
  });

  it.each([
    ["`contract-tests`, had it run", ["contract-tests"]],
    ["Reviewed and contract-tests", ["reviewed", "contract-tests"]],
    ["None could have", ["none"]],
    ["a load test\nwith real data", ["a load test"]],
  ])("finds rules in %s", (said, names) => {
    expect(caughtBy({ caughtBy: said }, ["reviewed", "contract-tests", "tests"])).toEqual(names);
  });
});
