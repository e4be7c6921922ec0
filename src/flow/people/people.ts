import { createDeploymentWords } from "#flow/judge/deployment-words.ts";
import { createLabelOverrides } from "./label-overrides.ts";
import { createMerges } from "#flow/bypasses/merges.ts";
import type { House } from "#flow/deps.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { createReviewIssues, createUnusedReviews } from "#flow/reviews/review-issues.ts";
import { createCommands } from "./run-command.ts";
import { createTallyTeller } from "./tell-tally.ts";
import type { Handler } from "#flow/jobs/work.ts";
import { createPushWatch } from "#flow/bypasses/watch-pushes.ts";
import { createWords } from "#flow/publish/words.ts";

/** Work that people make: what they say, press, label, merge and close. */
export function createPeopleHandlers(
  house: House,
  policies: Policies,
): Readonly<Record<string, Handler>> {
  const words = createWords(house);
  return {
    command: createCommands(house, policies, words),
    label: createLabelOverrides(house, policies, words),
    tally: createTallyTeller(house, words),
    "deployment-words": createDeploymentWords(house, policies, words),
    merged: createMerges(house, policies),
    "review-issue": createReviewIssues(house, policies),
    "review-unused": createUnusedReviews(house),
    "watch-push": createPushWatch(house, policies),
  };
}
