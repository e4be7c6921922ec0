import { z } from "zod";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { eachPage } from "../client/pages.ts";
import { asRepository } from "../client/requests.ts";

const entry = z.looseObject({ event: z.string().optional() });
export type TimelineEntry = z.output<typeof entry>;

/** Takes from the entries, one after the other, what one fact needs of them. */
export interface TimelineView<T> {
  readonly see: (row: TimelineEntry) => void;
  /** Once all were seen. */
  readonly seen: () => T;
}

/** Shows every entry of a pull request's timeline, oldest first: the whole of it, or it throws. */
export async function eachTimelineEntry(
  github: GitHub,
  repository: RepositoryRecord,
  number: number,
  see: (row: TimelineEntry) => void,
): Promise<void> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/issues/{issue_number}/timeline", {
    owner: repository.owner,
    repo: repository.name,
    issue_number: number,
    per_page: 100,
  });
  await eachPage(
    github,
    asRepository(repository),
    request,
    z.array(entry),
    (page) => {
      for (const row of page) see(row);
      return page.length;
    },
    { maxPages: 30 },
  );
}
