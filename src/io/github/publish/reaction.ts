import { z } from "zod";
import { orAbsent } from "../client/or-absent.ts";
import { asRepository, namesOf } from "../client/requests.ts";
import type { Perform } from "./publish-context.ts";

/** Acknowledges a comment. GitHub keeps one reaction of a kind per person; a deleted comment needs none. */
export const performReaction: Perform<"reaction"> = async (github, effect, repository) => {
  const request = github.endpoint(
    "POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions",
    { ...namesOf(repository), comment_id: effect.commentId, content: effect.content },
  );
  const answer = await orAbsent(
    github.rest(asRepository(repository, "issues"), request, z.object({ id: z.number() }), {
      idempotent: true,
    }),
  );
  return { remoteId: answer?.data.id ?? null };
};
