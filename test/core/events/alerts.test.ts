import { describe, expect, it } from "vitest";
import { parseEvent } from "#core/events/parse-event.ts";
import { touches } from "#core/events/touches.ts";

const repository = {
  id: 1,
  name: "shop",
  owner: { id: 2, login: "acme", type: "Organization" },
  default_branch: "main",
  private: true,
};
const wakesOf = (name: string, payload: object): readonly string[] => {
  const event = parseEvent(name, { repository, ...payload });
  return event === null
    ? []
    : touches(event, { appId: 7 }).map((wake) =>
        wake.kind === "pull_request" ? `pull_request ${wake.number}` : wake.kind,
      );
};

describe("alerts of GitHub's scanners", () => {
  it.each<[string, string, object, readonly string[]]>([
    [
      "one seen on a pull request wakes that one",
      "code_scanning_alert",
      { action: "created", ref: "refs/pull/7/merge" },
      ["pull_request 7"],
    ],
    [
      "one that a person closed holds on every ref",
      "code_scanning_alert",
      { action: "closed_by_user", ref: "refs/pull/7/merge" },
      ["repository", "waiting"],
    ],
    [
      "one on a branch concerns them all",
      "code_scanning_alert",
      { action: "fixed", ref: "refs/heads/main" },
      ["repository", "waiting"],
    ],
    [
      "one without a ref concerns them all",
      "code_scanning_alert",
      { action: "created" },
      ["repository", "waiting"],
    ],
    [
      "a Dependabot alert concerns them all",
      "dependabot_alert",
      { action: "created" },
      ["repository", "waiting"],
    ],
    [
      "a leaked secret concerns them all",
      "secret_scanning_alert",
      { action: "created" },
      ["repository", "waiting"],
    ],
    [
      "so does a new place of it",
      "secret_scanning_alert_location",
      { action: "created" },
      ["repository", "waiting"],
    ],
    [
      "a ref of another kind of text names no pull request",
      "code_scanning_alert",
      { action: "created", ref: "refs/pull/x/merge" },
      ["repository", "waiting"],
    ],
  ])("%s", (_title, name, payload, wakes) => {
    expect(wakesOf(name, payload)).toEqual(wakes);
  });
});
