import { z } from "zod";
import type { CommentSeen } from "#core/ports/github.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { orAbsent } from "../client/or-absent.ts";
import { asRepository, namesOf } from "../client/requests.ts";
import { instant } from "../facts/instant.ts";
import { fromRestUser, restUser } from "../facts/person.ts";

const numberAtEnd = z.string().transform((url, context) => {
  const found = /\/(\d{1,12})$/.exec(url)?.[1];
  if (found !== undefined) return Number(found);
  context.addIssue({ code: "custom", message: "names no issue" });
  return z.NEVER;
});

const comment = z.object({
  body: z.string().nullish(),
  user: restUser,
  created_at: instant,
  updated_at: instant,
  issue_url: numberAtEnd,
  performed_via_github_app: z.object({ id: z.number() }).nullish(),
});

/** A comment as it stands now; null where it was deleted. */
export async function readComment(
  github: GitHub,
  repository: RepositoryRecord,
  id: number,
): Promise<CommentSeen | null> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/issues/comments/{comment_id}", {
    ...namesOf(repository),
    comment_id: id,
  });
  const answer = await orAbsent(github.rest(asRepository(repository), request, comment));
  if (answer === null) return null;
  const { data } = answer;
  return {
    body: data.body ?? "",
    author: fromRestUser(data.user),
    createdAt: data.created_at,
    updatedAt: data.updated_at,
    issue: data.issue_url,
    viaApp: data.performed_via_github_app !== null && data.performed_via_github_app !== undefined,
  };
}

const review = z.object({
  body: z.string().nullish(),
  user: restUser,
  submitted_at: instant,
  performed_via_github_app: z.object({ id: z.number() }).nullish(),
});

/** A submitted review as something that was written; null where it is not there any more. */
export async function readReview(
  github: GitHub,
  repository: RepositoryRecord,
  number: number,
  id: number,
): Promise<CommentSeen | null> {
  const request = github.endpoint(
    "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}",
    { ...namesOf(repository), pull_number: number, review_id: id },
  );
  const answer = await orAbsent(github.rest(asRepository(repository), request, review));
  if (answer === null) return null;
  const { data } = answer;
  return {
    body: data.body ?? "",
    author: fromRestUser(data.user),
    createdAt: data.submitted_at,
    updatedAt: data.submitted_at,
    issue: number,
    viaApp: data.performed_via_github_app !== null && data.performed_via_github_app !== undefined,
  };
}
