import { describe, expect, it } from "vitest";
import { reviews } from "#core/rules/reviews/rule.ts";
import { anEvent, headSha } from "../../build.ts";

const wakes = (params: unknown, name: string): boolean =>
  reviews.bind(params).needs.some((fact) => fact.changedBy.includes(name));
const edited = (changed: readonly string[]) =>
  anEvent("pull_request.edited", {
    pullRequest: {
      number: 7,
      headSha,
      baseRef: "main",
      headRef: "x",
      state: "open",
      draft: false,
      changed,
      before: null,
    },
  });
const joins = (slug: string) =>
  anEvent("membership.added", { team: { slug, organization: "acme" } });

describe("what reviews listen to", () => {
  it.each([
    { params: {}, event: "pull_request_review.submitted", wakes: true },
    { params: {}, event: "pull_request_review.dismissed", wakes: true },
    { params: {}, event: "pull_request.synchronize", wakes: true },
    { params: {}, event: "member.removed", wakes: true },
    { params: {}, event: "push", wakes: false },
    { params: { code_owners: true }, event: "push", wakes: true },
    { params: {}, event: "pull_request_review_thread.resolved", wakes: false },
    {
      params: { resolved_threads: true },
      event: "pull_request_review_thread.resolved",
      wakes: true,
    },
    { params: {}, event: "check_run.completed", wakes: false },
    { params: {}, event: "pull_request.labeled", wakes: false },
  ])("$params: $event wakes: $wakes", ({ params, event, wakes: expected }) => {
    expect(wakes(params, event)).toBe(expected);
  });

  it.each([
    { params: {}, event: edited(["title"]), heard: false },
    { params: {}, event: edited(["base"]), heard: true },
    { params: {}, event: joins("backend"), heard: true },
    { params: { teams: ["backend"] }, event: joins("backend"), heard: true },
    { params: { each: [{ teams: ["acme/Backend"] }] }, event: joins("backend"), heard: true },
    { params: { teams: ["backend"] }, event: joins("backend-web"), heard: true },
    { params: { code_owners: true }, event: joins("other"), heard: true },
    {
      params: {},
      event: anEvent("membership.removed", { team: { slug: "other", organization: "acme" } }),
      heard: true,
    },
  ])("$params hears $event.name: $heard", ({ params, event, heard }) => {
    expect(reviews.bind(params).isAffectedBy(event)).toBe(heard);
  });
});
