import { z } from "zod";
import { eachPage } from "../client/pages.ts";
import { asRepository } from "../client/requests.ts";
import { restUser } from "./person.ts";
import type { PullSource } from "./subject-source.ts";

const activity = z.object({
  activity_type: z.string(),
  before: z.string().nullish(),
  after: z.string().nullish(),
  actor: restUser,
});
const activityPage = z.array(activity);
export type Activity = z.infer<typeof activity>;

/** Older pages than this are not read: a branch pushed to 1,000 times has named its pushers long before. */
const mostPages = 10;

/** GitHub's record of what became of a branch of the named repository, newest first. */
export async function readActivity(
  { github, repository }: Pick<PullSource, "github" | "repository">,
  named: { readonly owner: string; readonly name: string },
  branch: string,
): Promise<readonly Activity[]> {
  const rows: Activity[] = [];
  const request = github.endpoint("GET /repos/{owner}/{repo}/activity", {
    owner: named.owner,
    repo: named.name,
    ref: `refs/heads/${branch}`,
    per_page: 100,
  });
  // The list is paged by cursors in `Link`, so a full page without one is the last.
  await eachPage(
    github,
    asRepository(repository),
    request,
    activityPage,
    (page) => {
      rows.push(...page);
      return 0;
    },
    {
      maxPages: mostPages,
      until: () =>
        rows.length >= mostPages * 100 ||
        // Whether the last one of a page made the branch for the first time the next page tells.
        withoutRestorations(rows)
          .filter((row) => row !== rows.at(-1))
          .some((row) => row.activity_type === "branch_creation"),
    },
  );
  return rows;
}

/** Without branches that were deleted and made again at the same commit: who does that brings nothing. Newest first. */
export const withoutRestorations = (rows: readonly Activity[]): readonly Activity[] =>
  rows.filter((_, index) => !isRestored(rows, index) && !isRestored(rows, index - 1));

function isRestored(rows: readonly Activity[], index: number): boolean {
  const made = rows[index];
  const deleted = rows[index + 1];
  return (
    made?.activity_type === "branch_creation" &&
    deleted?.activity_type === "branch_deletion" &&
    typeof made.after === "string" &&
    made.after === deleted.before
  );
}
