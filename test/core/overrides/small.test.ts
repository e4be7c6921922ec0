import { describe, expect, it } from "vitest";
import { holdsInForce } from "#core/overrides/holds.ts";
import { isReason, ticketIn } from "#core/overrides/reason.ts";
import { overdueReview, reviewDueAt } from "#core/overrides/review-due.ts";
import type { TicketRow } from "#core/model/ticket.ts";
import { anAct, emergency, headSha, monday } from "./builders.ts";
import { bob } from "../build.ts";

describe("holdsInForce", () => {
  const hold = anAct("hold", { reason: "wait for Monday" });
  const unhold = anAct("unhold");
  it.each([
    ["nobody said anything", [], [], []],
    ["held", [hold], [], [{ by: "bob", reason: "wait for Monday", at: monday }]],
    ["lifted", [hold, unhold], [], []],
    ["held again", [hold, unhold, hold], [], [{ by: "bob" }]],
    [
      "a label",
      [],
      ["do-not-merge/release", "Do-Not-Merge", "do-not-merge-yet", "bug"],
      [{ label: "do-not-merge/release" }, { label: "Do-Not-Merge" }],
    ],
    [
      "lifted, but for the label",
      [hold, unhold],
      ["do-not-merge/x"],
      [{ label: "do-not-merge/x" }],
    ],
  ])("%s", (_what, acts, labels, expected) => {
    expect(holdsInForce(acts, labels)).toMatchObject(expected);
    expect(holdsInForce(acts, labels)).toHaveLength(expected.length);
  });
});

describe("ticketIn", () => {
  it.each([
    ["see #12", "#12"],
    ["acme/shop#12 is open", "acme/shop#12"],
    ["OPS-1", "OPS-1"],
    ["the shop is down, INC-42.", "INC-42"],
    ["https://jira.example/browse/OPS-7", "https://jira.example/browse/OPS-7"],
    ["https://github.example/acme/shop/issues/12", "https://github.example/acme/shop/issues/12"],
    ["no ticket", null],
    ["#", null],
    ["utf-8", null],
    ["", null],
  ])("%j carries %j", (reason, ticket) => {
    expect(ticketIn(reason)).toBe(ticket);
  });
});

describe("isReason", () => {
  it.each([
    ["down", true],
    ["緊急", true],
    ["", false],
    ["   ", false],
    ["...", false],
    ["\u200b\u2060", false],
  ])("%j: %s", (text, expected) => {
    expect(isReason(text)).toBe(expected);
  });
});

describe("reviews", () => {
  const override = {
    id: "comment:1:0",
    name: "emergency",
    rules: [],
    sha: headSha,
    by: bob,
    confirmedBy: [],
    reason: "x",
    grantedAt: monday,
    expiresAt: monday + 1,
  };
  it("are due from the grant on, where the policy asks for one", () => {
    expect(reviewDueAt(override, emergency())).toBeNull();
    expect(
      reviewDueAt(override, emergency({ post_review: { within: "2d", teams: ["security"] } })),
    ).toBe(monday + 2 * 86_400_000);
  });

  const ticket = (over: Partial<TicketRow>): TicketRow => ({
    repository: 1,
    key: "override:comment:1:0",
    purpose: "review",
    issue: 9,
    state: "open",
    openedAt: monday,
    dueAt: monday + 10,
    closedAt: null,
    detail: { override: "emergency" },
    ...over,
  });
  it.each([
    ["not yet due", {}, monday + 9, false],
    ["due", {}, monday + 10, true],
    ["wanted, not opened yet", { state: "wanted", issue: null }, monday + 10, true],
    ["closed", { state: "closed" }, monday + 10, false],
    ["of another override", { detail: { override: "hotfix" } }, monday + 10, false],
    ["a finding's ticket", { purpose: "finding" }, monday + 10, false],
    ["without a date", { dueAt: null }, monday + 10, false],
  ] as const)("%s: overdue %#", (_what, over, now, expected) => {
    expect(overdueReview([ticket(over)], "emergency", now) !== null).toBe(expected);
  });
});
