import { z } from "zod";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import { asRepository, namesOf } from "../client/requests.ts";
import { writeCaps } from "../client/caps.ts";
import { cutLine, cutText, within } from "./within.ts";
import { lookBefore } from "./look.ts";
import type { OwnIssues } from "./own-issues.ts";
import type { EffectOf, HasLanded, Perform } from "./publish-context.ts";

const written = z.object({ number: z.number() });

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

/** How issues are opened, and how one that a cut-off try opened is seen. */
export interface IssueOpener {
  readonly perform: Perform<"open_issue">;
  readonly hasLanded: HasLanded<"open_issue">;
}

/** Opens an issue once; `remoteId` is its number. Where issues are switched off the error is "unsupported": trying again cannot help. */
export function createIssueOpener(own: OwnIssues): IssueOpener {
  return {
    perform: async (github, effect, repository, known) => {
      if (known.remoteId !== null) return { remoteId: known.remoteId };
      const there = await lookBefore(known, (why) =>
        why === "unseen"
          ? own.findUnseen(repository, effect.marker)
          : own.find(repository, effect.marker),
      );
      if (there !== null) return { remoteId: there, isAdopted: true };
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
    },
    hasLanded: async (_github, effect, repository, { remoteId }) =>
      remoteId !== null || (await own.find(repository, effect.marker)) !== null,
  };
}
