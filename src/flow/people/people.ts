import { createDeploymentComment } from "#flow/judge/deployment-comment.ts";
import { createLabelOverrides } from "./label-overrides.ts";
import { createMerges } from "#flow/bypasses/merges.ts";
import type { Deps } from "#flow/deps.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { createReviewIssues, createUnusedReviews } from "#flow/reviews/review-issues.ts";
import { createCommands } from "./run-command.ts";
import { createTallyTeller } from "./tell-tally.ts";
import type { Handler } from "#flow/jobs/work.ts";
import { createPushWatch } from "#flow/bypasses/watch-pushes.ts";
import { createSummaryComment } from "#flow/publish/summary-comment.ts";

/** Work that people make: what they say, press, label, merge and close. */
export function createPeopleHandlers(
  deps: Deps,
  policies: Policies,
): Readonly<Record<string, Handler>> {
  const summary = createSummaryComment(deps);
  return {
    command: createCommands(deps, policies, summary),
    label: createLabelOverrides(deps, policies, summary),
    tally: createTallyTeller(deps, summary),
    "deployment-words": createDeploymentComment(deps, policies, summary),
    merged: createMerges(deps, policies),
    "review-issue": createReviewIssues(deps, policies),
    "review-unused": createUnusedReviews(deps),
    "watch-push": createPushWatch(deps, policies),
  };
}
