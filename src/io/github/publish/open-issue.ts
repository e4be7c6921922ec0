import { z } from "zod";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import { eachPage } from "../client/pages.ts";
import { asRepository } from "../client/requests.ts";
import { writeCaps } from "../client/caps.ts";
import { cutLine, cutText, within } from "./within.ts";
import { isOurs, writing } from "./own-writing.ts";
import { type EffectOf, type HasLanded, namesOf, type Perform } from "./publish-context.ts";

const written = z.object({ number: z.number() });

/** The issue of ours that carries the marker. It was made a moment ago: the newest thousand are looked through. */
async function findIssue(
  github: GitHub,
  repository: RepositoryRecord,
  marker: string,
): Promise<number | null> {
  let ours: number | null = null;
  let pages = 0;
  const request = github.endpoint("GET /repos/{owner}/{repo}/issues", {
    ...namesOf(repository),
    state: "all",
    sort: "created",
    direction: "desc",
    per_page: 100,
  });
  await eachPage(
    github,
    asRepository(repository, "issues"),
    request,
    z.array(writing.extend({ number: z.number() })),
    (page) => {
      pages += 1;
      ours ??= page.find((row) => isOurs(github, row, marker))?.number ?? null;
      return page.length;
    },
    { maxPages: 11, until: () => ours !== null || pages >= 10 },
  );
  return ours;
}

export const issueHasLanded: HasLanded<"open_issue"> = async (
  github,
  effect,
  repository,
  { remoteId },
) => remoteId !== null || (await findIssue(github, repository, effect.marker)) !== null;

async function open(
  github: GitHub,
  effect: EffectOf<"open_issue">,
  repository: RepositoryRecord,
  assignees: readonly string[],
): Promise<number> {
  const body = effect.body.includes(effect.marker)
    ? effect.body
    : `${effect.body}\n${effect.marker}`;
  const request = github.endpoint("POST /repos/{owner}/{repo}/issues", {
    ...namesOf(repository),
    title: within(effect.title, writeCaps.title, cutLine),
    body: within(body, writeCaps.text, `${cutText}\n${effect.marker}`),
    labels: [...effect.labels],
    ...(assignees.length === 0 ? {} : { assignees: [...assignees] }),
  });
  return (await github.rest(asRepository(repository, "issues"), request, written)).data.number;
}

/** Opens an issue once; `remoteId` is its number. Where issues are switched off the error is "unsupported": trying again cannot help. */
export const performOpenIssue: Perform<"open_issue"> = async (
  github,
  effect,
  repository,
  known,
) => {
  if (known.remoteId !== null) return { remoteId: known.remoteId };
  const there = known.maybeSent ? await findIssue(github, repository, effect.marker) : null;
  if (there !== null) return { remoteId: there };
  try {
    return { remoteId: await open(github, effect, repository, effect.assignees) };
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    if (error.status === 410)
      throw new GitHubError(
        "unsupported",
        `issues are switched off in ${repository.owner}/${repository.name}`,
        { status: 410 },
      );
    // Somebody who cannot be assigned must not keep the issue from being opened.
    if (error.code === "invalid" && effect.assignees.length > 0)
      return { remoteId: await open(github, effect, repository, []) };
    throw error;
  }
};
