import { describe, expect, it } from "vitest";
import { reviews } from "#core/rules/reviews/rule.ts";

describe("a repository's reviews against the organisation's", () => {
  it.each([
    { ours: {}, theirs: {}, is: "same" },
    { ours: {}, theirs: { approvals: 1 }, is: "same" },
    { ours: { approvals: 1 }, theirs: { approvals: 2 }, is: "tighter" },
    { ours: { approvals: 2 }, theirs: { approvals: 1 }, is: "looser" },
    { ours: { approvals: 2, code_owners: true }, theirs: { approvals: 3 }, is: "looser" },
    {
      ours: {},
      theirs: { code_owners: true, stale: "dismiss", resolved_threads: true },
      is: "tighter",
    },
    { ours: {}, theirs: { stale: "keep" }, is: "looser" },
    { ours: { stale: "keep" }, theirs: {}, is: "tighter" },
    { ours: {}, theirs: { allow_author: true }, is: "looser" },
    { ours: { allow_contributors: true }, theirs: {}, is: "tighter" },
    { ours: {}, theirs: { block_on_changes_requested: false }, is: "looser" },
    { ours: {}, theirs: { bots: ["renovate"] }, is: "looser" },
    { ours: { bots: ["renovate", 7] }, theirs: { bots: ["renovate"] }, is: "beside" },
    { ours: {}, theirs: { roles: ["maintain"] }, is: "tighter" },
    { ours: {}, theirs: { roles: ["triage"] }, is: "looser" },
    { ours: { roles: ["admin"] }, theirs: {}, is: "looser" },
    { ours: { teams: ["a", "b"] }, theirs: { teams: ["A"] }, is: "beside" },
    { ours: { teams: ["a"] }, theirs: { teams: ["a", "b"] }, is: "looser" },
    { ours: { teams: ["a"] }, theirs: { users: ["bob"] }, is: "looser" },
    // Members of a team need not have write access: a team comes on top, with `each`.
    { ours: {}, theirs: { teams: ["a"] }, is: "looser" },
    { ours: {}, theirs: { approvals: 1, each: [{ teams: ["a"] }] }, is: "tighter" },
    { ours: {}, theirs: { each: [{ teams: ["a"] }] }, is: "looser" },
    {
      ours: { each: [{ teams: ["a"] }] },
      theirs: { each: [{ teams: ["a"], approvals: 2 }] },
      is: "tighter",
    },
    {
      ours: { each: [{ teams: ["a"] }] },
      theirs: { each: [{ teams: ["a"] }, { teams: ["b"] }] },
      is: "tighter",
    },
    {
      ours: { each: [{ teams: ["a"] }, { teams: ["b"] }] },
      theirs: { each: [{ teams: ["a"] }] },
      is: "looser",
    },
  ])("$ours against $theirs is $is", ({ ours, theirs, is }) => {
    expect(reviews.compare(ours, theirs)).toBe(is);
  });
});
