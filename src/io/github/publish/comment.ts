import { z } from "zod";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { orAbsent } from "../client/or-absent.ts";
import { eachPage } from "../client/pages.ts";
import { asRepository, namesOf } from "../client/requests.ts";
import { writeCaps } from "../client/caps.ts";
import { cutText, within } from "./within.ts";
import { lookBefore } from "./look.ts";
import { isOurs, writing } from "./own-writing.ts";
import type { HasLanded, Perform } from "./publish-context.ts";

const written = z.object({ id: z.number() });

/** The comment of ours that carries the marker. */
export async function findComment(
  github: GitHub,
  repository: RepositoryRecord,
  issue: number,
  marker: string,
): Promise<number | null> {
  let ours: number | null = null;
  const request = github.endpoint("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
    ...namesOf(repository),
    issue_number: issue,
    per_page: 100,
  });
  await eachPage(
    github,
    asRepository(repository, "issues"),
    request,
    z.array(writing.extend({ id: z.number() })),
    (page) => {
      ours ??= page.find((row) => isOurs(github, row, marker))?.id ?? null;
      return page.length;
    },
    { maxPages: 50, until: () => ours !== null },
  );
  return ours;
}

/** A comment is found once it is there; whether it was edited since cannot be told from outside. */
export const commentHasLanded: HasLanded<"comment"> = async (
  github,
  effect,
  repository,
  { remoteId },
) =>
  remoteId === null &&
  (await findComment(github, repository, effect.issue, effect.marker)) !== null;

/** The marker survives a cut: without it the comment would be lost to later edits. */
function bodyOf(body: string, marker: string): string {
  return body.includes(marker)
    ? within(body, writeCaps.comment - 1, `${cutText}\n${marker}`)
    : within(`${body}\n${marker}`, writeCaps.comment - 1, `${cutText}\n${marker}`);
}

/** One comment, edited in place; a deleted one is made anew. */
export const performComment: Perform<"comment"> = async (github, effect, repository, known) => {
  const as = asRepository(repository, "issues");
  const body = bodyOf(effect.body, effect.marker);
  const there =
    known.remoteId ??
    (await lookBefore(known, () => findComment(github, repository, effect.issue, effect.marker)));
  if (there !== null) {
    const edit = github.endpoint("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", {
      ...namesOf(repository),
      comment_id: there,
      body,
    });
    if ((await orAbsent(github.rest(as, edit, written, { idempotent: true }))) !== null)
      return { remoteId: there };
  }
  const request = github.endpoint("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
    ...namesOf(repository),
    issue_number: effect.issue,
    body,
  });
  return { remoteId: (await github.rest(as, request, written)).data.id };
};
