import { z } from "zod";
import type { Person } from "../../core/model/actor.ts";
import { eachPage } from "../github/pages.ts";
import { asRepository } from "../github/requests.ts";
import type { ExpiringCache } from "./expiring-cache.ts";
import { orAbsent } from "../github/or-absent.ts";
import { fromRestUser, restUser } from "./person.ts";
import type { PullSource } from "./subject-source.ts";

const activity = z.object({
  activity_type: z.string(),
  before: z.string().nullish(),
  after: z.string().nullish(),
  actor: restUser,
});
const activityPage = z.array(activity);
type Activity = z.infer<typeof activity>;

/** Older pages than this are not read: a branch pushed to 1,000 times has named its pushers long before. */
const mostPages = 10;

async function readActivity(
  { github, repository }: PullSource,
  branch: string,
): Promise<readonly Activity[]> {
  const rows: Activity[] = [];
  const request = github.endpoint("GET /repos/{owner}/{repo}/activity", {
    owner: repository.owner,
    repo: repository.name,
    ref: `refs/heads/${branch}`,
    per_page: 100,
  });
  // The list is paged by cursors in `Link`, so a full page without one is the last.
  const read = eachPage(
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
        rows.some((row) => row.activity_type === "branch_creation"),
    },
  );
  await orAbsent(read);
  return rows;
}

/**
 * The entries, newest first, that brought what the pull request holds. A branch may live longer than one pull request,
 * so the walk ends where a plain push started from a commit outside it; after a force-push that cannot be told any more,
 * and everything back to the branch's creation counts.
 */
export function relevant(
  entries: readonly Activity[],
  commits: ReadonlySet<string>,
  head: string,
): readonly Activity[] {
  const known = entries.some((entry) => entry.after === head);
  if (!known) return entries;
  const taken: Activity[] = [];
  let forced = false;
  for (const entry of entries) {
    if (entry.activity_type === "branch_deletion") {
      if (taken.length > 0) break;
      continue;
    }
    taken.push(entry);
    forced ||= entry.activity_type === "force_push";
    if (entry.activity_type === "branch_creation") break;
    if (!forced && !commits.has(entry.before ?? "")) break;
  }
  return taken;
}

/** By GitHub's own record. Forks keep theirs to themselves, and some servers keep none: an empty list then. */
export async function readPushers(
  source: PullSource,
  commits: () => Promise<ReadonlySet<string>>,
  cache: ExpiringCache<readonly Activity[]>,
): Promise<readonly Person[]> {
  const { pullRequest } = await source.pull();
  if (pullRequest.fork) return [];
  const key = `${source.repository.id}:${pullRequest.headRef}:${pullRequest.headSha}`;
  const entries = await cache.get(key, () => readActivity(source, pullRequest.headRef));
  // The record lags behind the push: an answer without the head is used, and asked for again next time.
  if (!entries.some((entry) => entry.after === pullRequest.headSha))
    cache.drop((one) => one === key);
  const people = new Map<number, Person>();
  for (const entry of relevant(entries, await commits(), pullRequest.headSha)) {
    const person = fromRestUser(entry.actor);
    if (person !== null) people.set(person.id, person);
  }
  return [...people.values()];
}

export type ActivityCache = ExpiringCache<readonly Activity[]>;
