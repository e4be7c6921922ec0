import { z } from "zod";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import { asRepository } from "../client/requests.ts";
import { instant } from "./instant.ts";
import type { BaseChange, BaseHistory } from "./pull-timeline.ts";
import type { TimelineView } from "./timeline.ts";

const change = z.object({ created_at: instant });

/** Every way in which GitHub says that a pull request has another base: by somebody, or by itself. */
const retargets: ReadonlySet<string> = new Set([
  "base_ref_changed",
  "automatic_base_change_succeeded",
]);
/** And that the branch of that name is another one than it was. */
const rewrites: ReadonlySet<string> = new Set(["base_ref_force_pushed", "base_ref_deleted"]);

/** When the base was changed last. */
export function baseHistoryIn(): TimelineView<BaseHistory> {
  const changes: { readonly row: unknown; readonly rewritten: boolean }[] = [];
  let wasClosed = false;
  let isMerged = false;
  return {
    see: (row) => {
      const event = row.event ?? "";
      if (event === "reopened") wasClosed = true;
      // What becomes of the branch afterwards is no matter of what was merged.
      if (event === "merged") isMerged = true;
      const rewritten = rewrites.has(event);
      if (!isMerged && (rewritten || retargets.has(event))) changes.push({ row, rewritten });
    },
    // Not before: an entry that cannot be read is nothing to facts that need none of these.
    seen: () => {
      let last: BaseChange | undefined;
      for (const { row, rewritten } of changes) {
        const { created_at: at } = change.parse(row);
        if (last === undefined || at >= last.at) last = { at, rewritten };
      }
      return { last, wasClosed };
    },
  };
}

const activity = z.array(z.object({ activity_type: z.string(), timestamp: instant }));

/** What makes a branch another one than it was. */
const rewriting = ["force_push", "branch_deletion", "branch_creation"] as const;

/**
 * When the branch was rewritten last, by the repository's activity: timelines of pull requests that are closed need not
 * tell it. undefined: never. Only the newest of each kind is asked for, however much was pushed since.
 */
export async function readRewrittenAt(
  github: GitHub,
  repository: RepositoryRecord,
  branch: string,
): Promise<number | undefined> {
  const newest = await Promise.all(
    rewriting.map(async (kind) => {
      const request = github.endpoint("GET /repos/{owner}/{repo}/activity", {
        owner: repository.owner,
        repo: repository.name,
        ref: `refs/heads/${branch}`,
        activity_type: kind,
        per_page: 1,
      });
      const { data } = await github.rest(asRepository(repository), request, activity);
      // A server that does not know the filter shows another push in front.
      if (data.some(({ activity_type: type }) => type !== kind))
        throw new GitHubError(
          "incomplete",
          `GitHub does not tell the last ${kind.replace("_", " ")} of ${branch}`,
        );
      return data.map(({ timestamp }) => timestamp);
    }),
  );
  const at = Math.max(...newest.flat());
  return Number.isFinite(at) ? at : undefined;
}
