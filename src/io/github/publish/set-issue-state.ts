import { z } from "zod";
import { asRepository, namesOf } from "../client/requests.ts";
import { writeCaps } from "../client/caps.ts";
import { cutText, within } from "./within.ts";
import { findComment } from "./comment.ts";
import type { Perform } from "./publish-context.ts";

/**
 * Opens or closes an issue, then says why. After a lost answer the comment is looked for by its own text; so it is where
 * the issue stands as it is wanted before anything was sent: what a backup knows nothing of may have been said.
 */
export const performSetIssueState: Perform<"set_issue_state"> = async (
  github,
  effect,
  repository,
  known,
) => {
  const as = asRepository(repository, "issues");
  const names = { ...namesOf(repository), issue_number: effect.issue };
  const isAsWanted = async (): Promise<boolean> => {
    const request = github.endpoint("GET /repos/{owner}/{repo}/issues/{issue_number}", names);
    const { data } = await github.rest(as, request, z.object({ state: z.string() }));
    return data.state === effect.state;
  };
  const maybeSaid = known.maybeSent || (known.isUnseen === true && (await isAsWanted()));
  if (known.maybeSent || !maybeSaid)
    await github.rest(
      as,
      github.endpoint("PATCH /repos/{owner}/{repo}/issues/{issue_number}", {
        ...names,
        state: effect.state,
      }),
      z.unknown(),
      { idempotent: true },
    );
  if (effect.comment === null) return { remoteId: null };
  const body = within(effect.comment, writeCaps.comment - 1, cutText);
  const said = maybeSaid ? await findComment(github, repository, effect.issue, body) : null;
  if (said !== null) return { remoteId: null };
  await github.rest(
    as,
    github.endpoint("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
      ...names,
      body,
    }),
    z.unknown(),
  );
  return { remoteId: null };
};
