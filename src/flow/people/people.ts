import { createDeploymentWords } from "#flow/judge/deployment-words.ts";
import { createLabelOverrides } from "./label-overrides.ts";
import { createMerges } from "#flow/bypasses/merges.ts";
import type { Deps } from "#flow/deps.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { createReviewIssues, createUnusedReviews } from "#flow/reviews/review-issues.ts";
import { createCommands } from "./run-command.ts";
import { createTallyTeller } from "./tell-tally.ts";
import type { Handler } from "#flow/jobs/work.ts";
import { createPushWatch } from "#flow/bypasses/watch-pushes.ts";
import { createWords } from "#flow/publish/words.ts";

/** Work that people make: what they say, press, label, merge and close. */
export function createPeopleHandlers(
  deps: Deps,
  policies: Policies,
): Readonly<Record<string, Handler>> {
  const words = createWords(deps);
  return {
    command: createCommands(deps, policies, words),
    label: createLabelOverrides(deps, policies, words),
    tally: createTallyTeller(deps, words),
    "deployment-words": createDeploymentWords(deps, policies, words),
    merged: createMerges(deps, policies),
    "review-issue": createReviewIssues(deps, policies),
    "review-unused": createUnusedReviews(deps),
    "watch-push": createPushWatch(deps, policies),
  };
}
