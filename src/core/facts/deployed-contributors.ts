import { defineFact } from "#core/model/fact.ts";
import type { DeployedContributors } from "#core/model/deployed-contributors.ts";
import { whenRangeIsIncomplete } from "./deployed-range.ts";

export const deployedContributors = defineFact<void, DeployedContributors>({
  name: "deployed_contributors",
  summary:
    "Everybody who had a hand in what goes out: who opened its pull requests, wrote, co-wrote, committed or pushed.",
  changedBy: ["deployment_status.created", "pull_request.opened", "pull_request.closed"],
  permissions: ["contents", "pull_requests"],
  cost: 3,
  whenIncomplete: whenRangeIsIncomplete,
  describe: () => "who had a hand in what goes out",
});

/** The pull request that carries the conversation about a deployment. `became`: the deployed commit is its merge commit. */
export interface Conversation {
  readonly number: number;
  readonly became: boolean;
}

export const conversation = defineFact<void, Conversation | null>({
  name: "conversation",
  summary:
    "The pull request that brought the deployed commit, else the newest that goes out, else the newest merged to its branch.",
  changedBy: ["pull_request.closed"],
  permissions: ["contents", "pull_requests"],
  cost: 3,
  describe: () => "the pull request on which people speak of the deployment",
});
