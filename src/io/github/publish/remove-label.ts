import { z } from "zod";
import { orAbsent } from "../client/or-absent.ts";
import { asRepository, namesOf } from "../client/requests.ts";
import type { Perform } from "./publish-context.ts";

/** Takes a label off; one that is not there is off already. */
export const performRemoveLabel: Perform<"remove_label"> = async (github, effect, repository) => {
  const request = github.endpoint(
    "DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}",
    { ...namesOf(repository), issue_number: effect.issue, name: effect.label },
  );
  await orAbsent(github.rest(asRepository(repository, "issues"), request, z.unknown()));
  return { remoteId: null };
};
