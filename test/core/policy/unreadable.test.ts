import { expect, it } from "vitest";
import { deployedPullRequests, deployedRange } from "#core/facts/deployed-range.ts";
import { deploymentsHere, deployments } from "#core/facts/deployments.ts";
import { unreadable } from "#core/policy/unreadable.ts";

it.each([
  deployments.need("production"),
  deploymentsHere.need(),
  deployedRange.need(),
  deployedPullRequests.need(),
])(
  "what helps where the history of deployments is incomplete is not to split the change: %o",
  (need) => {
    const { next } = unreadable(
      [
        {
          need,
          result: { ok: false, code: "incomplete", message: "older ones were not looked at" },
        },
      ],
      "anything",
      [],
    );
    expect(next).toContain(
      "deploys to that environment once more by a job that this gate lets through",
    );
    expect(next).not.toMatch(/: split the change/);
  },
);
