import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  fromRestCheckRun,
  fromRestStatus,
  restCheckRun,
  restStatus,
} from "#io/github/facts/parse-checks.ts";
import { fromRestPull, restPull } from "#io/github/facts/parse-pull.ts";
import { fromRestReview, restReview } from "#io/github/facts/parse-reviews.ts";

const pullOf = (raw: unknown) => fromRestPull(restPull.parse(raw));
const reviewsOf = (raw: unknown) =>
  z
    .array(restReview)
    .parse(raw)
    .map((review) => fromRestReview(review, false));
const at = (text: string): number => Date.parse(text);

describe("the shapes of GitHub's answers", () => {
  const branch = (ref: string, id: number | null) => ({
    ref,
    sha: "1".repeat(40),
    repo: id === null ? null : { id },
  });
  const raw = {
    number: 1,
    html_url: "https://github.test/acme/shop/pull/1",
    state: "open",
    title: "T",
    body: null,
    user: null,
    base: branch("main", 5),
    head: branch("fix", 5),
    created_at: "2026-01-01T00:00:00Z",
    labels: [],
    draft: false,
  };

  it.each([
    ["an author who is gone", { user: null }, { pullRequest: { author: null } }],
    [
      "the ghost",
      { user: { id: 10137, login: "ghost", type: "User" } },
      { pullRequest: { author: null } },
    ],
    [
      "a bot",
      { user: { id: 49699333, login: "dependabot[bot]", type: "Bot" } },
      { pullRequest: { author: { id: 49699333, login: "dependabot[bot]", type: "Bot" } } },
    ],
    [
      "a deleted fork",
      { head: branch("fix", null) },
      { pullRequest: { headRepository: null, fork: true } },
    ],
    ["a fork", { head: branch("fix", 6) }, { pullRequest: { headRepository: 6, fork: true } }],
    ["no body", { body: null }, { text: { title: "T", body: "" } }],
    [
      "merged",
      { state: "closed", merged_at: "2026-01-02T00:00:00Z" },
      { pullRequest: { state: "merged" } },
    ],
  ])("a pull request: %s", (_, change, expected) => {
    expect(pullOf({ ...raw, ...change })).toMatchObject(expected);
  });

  it.each([
    [
      "pending has no instant",
      { user: { id: 1, login: "a" }, state: "PENDING", commit_id: null },
      { state: "pending", submittedAt: 0, commitSha: null },
    ],
    [
      "nobody's",
      { user: null, state: "APPROVED", submitted_at: "2026-01-01T00:00:00Z" },
      { by: null, state: "approved" },
    ],
  ])("a review: %s", (_, review, expected) => {
    expect(reviewsOf([review])[0]).toMatchObject(expected);
  });

  it.each([
    ["pending", "in_progress", null],
    ["error", "completed", "failure"],
    ["failure", "completed", "failure"],
    ["success", "completed", "success"],
  ])("a status that is %s", (state, status, conclusion) => {
    const bot = { id: 3, login: "ci[bot]", type: "Bot" };
    expect(
      fromRestStatus(
        restStatus.parse({
          id: 1,
          context: "ci",
          state,
          creator: bot,
          created_at: "2026-01-01T00:00:00Z",
        }),
      ),
    ).toMatchObject({
      status,
      conclusion,
      app: { id: null, slug: "ci" },
      completedAt: conclusion === null ? null : at("2026-01-01T00:00:00Z"),
    });
  });

  it("a run asked for again keeps no old conclusion", () => {
    expect(
      fromRestCheckRun(
        restCheckRun.parse({ id: 1, name: "unit", status: "in_progress", conclusion: "success" }),
        null,
      ),
    ).toMatchObject({ status: "in_progress", conclusion: null, app: null });
  });

  it.each([["maybe"], [null], [""]])("words GitHub does not know are refused: %j", (state) => {
    expect(restReview.safeParse({ user: null, state }).success).toBe(false);
    expect(restCheckRun.safeParse({ id: 1, name: "n", status: state }).success).toBe(false);
  });
});
