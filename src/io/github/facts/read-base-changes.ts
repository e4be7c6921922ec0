import { z } from "zod";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { eachPage } from "../client/pages.ts";
import { asRepository } from "../client/requests.ts";
import { instant } from "./instant.ts";

const entry = z.looseObject({ event: z.string().optional() });
const change = z.object({ created_at: instant });

/** Every way in which GitHub says that a pull request has another base: by somebody, or by itself. */
const retargets: ReadonlySet<string> = new Set([
  "base_ref_changed",
  "automatic_base_change_succeeded",
]);
/** And that the branch of that name is another one than it was. */
const rewrites: ReadonlySet<string> = new Set(["base_ref_force_pushed", "base_ref_deleted"]);

/** What became of a base last. */
export interface BaseChange {
  readonly at: number;
  readonly rewritten: boolean;
}

export interface BaseHistory {
  readonly last: BaseChange | undefined;
  /** It was closed once: what became of its base meanwhile is not in its timeline. */
  readonly wasClosed: boolean;
}

/** When the base was changed last, by the REST timeline: of the whole of it, or not at all. */
export async function readBaseHistory(
  github: GitHub,
  repository: RepositoryRecord,
  number: number,
): Promise<BaseHistory> {
  let last: BaseChange | undefined;
  let wasClosed = false;
  let isMerged = false;
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
      for (const row of page) {
        const event = row.event ?? "";
        if (event === "reopened") wasClosed = true;
        // What becomes of the branch afterwards is no matter of what was merged.
        if (event === "merged") isMerged = true;
        if (isMerged) continue;
        const rewritten = rewrites.has(event);
        if (!rewritten && !retargets.has(event)) continue;
        const { created_at: at } = change.parse(row);
        if (last === undefined || at >= last.at) last = { at, rewritten };
      }
      return page.length;
    },
    { maxPages: 30 },
  );
  return { last, wasClosed };
}

const activity = z.array(z.object({ activity_type: z.string(), timestamp: instant }));

const rewriting: ReadonlySet<string> = new Set([
  "force_push",
  "branch_deletion",
  "branch_creation",
]);

/**
 * When the branch was rewritten last, by the repository's activity: timelines of pull requests that are closed need not
 * tell it. undefined: not since `since`.
 */
export async function readRewrittenAt(
  github: GitHub,
  repository: RepositoryRecord,
  branch: string,
  since: number,
): Promise<number | undefined> {
  let found: number | undefined;
  let oldest = Infinity;
  const request = github.endpoint("GET /repos/{owner}/{repo}/activity", {
    owner: repository.owner,
    repo: repository.name,
    ref: `refs/heads/${branch}`,
    per_page: 100,
  });
  await eachPage(
    github,
    asRepository(repository),
    request,
    activity,
    (page) => {
      for (const { activity_type: type, timestamp: at } of page) {
        oldest = Math.min(oldest, at);
        if (rewriting.has(type) && at >= since) found = Math.max(found ?? at, at);
      }
      // Paged by cursors in `Link`, so a full page without one is the last.
      return 0;
    },
    { maxPages: 30, until: () => found !== undefined || oldest < since },
  );
  return found;
}
