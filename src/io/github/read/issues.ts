import { z } from "zod";
import type { IssueSeen } from "#core/ports/github.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { orAbsent } from "../client/or-absent.ts";
import { everyPage } from "../client/pages.ts";
import { asRepository, namesOf } from "../client/requests.ts";
import { instantOrNull } from "../facts/instant.ts";
import { fromRestUser, restUser } from "../facts/person.ts";

const issue = z.object({
  number: z.number(),
  state: z.enum(["open", "closed"]),
  state_reason: z.string().nullish(),
  closed_by: restUser,
  closed_at: instantOrNull,
});

const closing = z.object({
  event: z.literal("closed"),
  performed_via_github_app: z.object({ id: z.number() }).nullish(),
});

/** Whether an App closed it in somebody's name, by its last line about that: the issue itself does not say. */
async function isClosedByApp(
  github: GitHub,
  repository: RepositoryRecord,
  number: number,
): Promise<boolean> {
  const rows = await everyPage(
    github,
    asRepository(repository),
    github.endpoint("GET /repos/{owner}/{repo}/issues/{issue_number}/events", {
      ...namesOf(repository),
      issue_number: number,
      per_page: 100,
    }),
    z.array(z.looseObject({ event: z.string().optional() })),
    20,
  );
  const last = rows.findLast(({ event }) => event === "closed");
  const read = closing.safeParse(last);
  return read.success && (read.data.performed_via_github_app ?? null) !== null;
}

/** An issue as it stands now; null where it is not there (any more). */
export async function readIssue(
  github: GitHub,
  repository: RepositoryRecord,
  number: number,
): Promise<IssueSeen | null> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/issues/{issue_number}", {
    ...namesOf(repository),
    issue_number: number,
  });
  const answer = await orAbsent(github.rest(asRepository(repository), request, issue));
  if (answer === null) return null;
  const isByApp =
    answer.data.state === "closed" && (await isClosedByApp(github, repository, number));
  return {
    state: answer.data.state,
    closedBy: isByApp ? null : fromRestUser(answer.data.closed_by),
    closedAt: answer.data.closed_at,
    stateReason: answer.data.state_reason ?? null,
  };
}
