import { defineFact } from "../model/fact.ts";
import type { DeployedContributors } from "../people/deployed-contributors.ts";

export const deployedContributors = defineFact<void, DeployedContributors>({
  name: "deployed_contributors",
  summary:
    "Everybody who had a hand in what goes out: who opened its pull requests, wrote, co-wrote, committed or pushed.",
  changedBy: ["deployment_status.created", "pull_request.opened", "pull_request.closed"],
  permissions: ["contents", "pull_requests"],
  describe: () => "who had a hand in what goes out",
});
