import { headRefOf, whoPushed } from "#core/events/push-chain.ts";
import type { PullRequestFact } from "#core/facts/pull-request.ts";
import type { Person } from "#core/model/actor.ts";
import type { PushSeen } from "#core/model/push.ts";
import { GitHubError } from "../client/github-error.ts";
import type { ExpiringCache } from "./expiring-cache.ts";
import { readForkActivity } from "./fork-activity.ts";
import { fromRestUser } from "./person.ts";
import { readActivity, type Activity } from "./read-activity.ts";
import type { PullSource } from "./subject-source.ts";

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

/** Pushes that webhooks told, by ref; and where the first head of a pull request is entered that no webhook told of. */
export interface RecordedPushes {
  readonly ofRef: (ref: string) => Promise<readonly PushSeen[]>;
  readonly add: (push: Omit<PushSeen, "at">) => Promise<void>;
}

/**
 * Of a fork's branch webhooks tell who pushed, and where one was lost the fork's own record. Commits from before
 * our first look have no known pusher.
 */
async function pushersOfFork(
  source: PullSource,
  { headSha, headRef }: Pick<PullRequestFact, "headSha" | "headRef">,
  told: readonly PushSeen[],
  commits: () => Promise<ReadonlySet<string>>,
  cache: ActivityCache,
  heard: RecordedPushes,
): Promise<readonly Person[]> {
  const ref = headRefOf(source.number);
  if (told.length === 0) {
    await heard.add({ ref, before: null, after: headSha, kind: "first_seen", by: null });
    return [];
  }
  const { people, complete } = whoPushed(told, new Set(), headSha);
  if (complete) return people;
  const { installationId } = source.repository;
  const key = `${installationId}:${source.repository.id}:${ref}:${headSha}`;
  const entries = await cache.get(key, async () => (await readForkActivity(source, headRef)) ?? []);
  if (!entries.some((entry) => entry.after === headSha)) {
    // The record may lag behind the push, or become visible: it is asked for again next time.
    cache.drop((one) => one === key);
    throw new GitHubError(
      "incomplete",
      `nobody told who pushed ${headSha.slice(0, 7)} to the fork, and the fork's own record does not show it`,
    );
  }
  const named = relevant(entries, await commits(), headSha).flatMap(
    ({ actor }) => fromRestUser(actor) ?? [],
  );
  return [...new Map([...people, ...named].map((person) => [person.id, person])).values()];
}

/**
 * By the pushes that webhooks told where these are complete, and by GitHub's own record where they are not. A record
 * that cannot be read, or does not show the head yet, tells nobody: then it is not known who pushed.
 */
export async function readPushers(
  source: PullSource,
  commits: () => Promise<ReadonlySet<string>>,
  cache: ExpiringCache<readonly Activity[]>,
  heard: RecordedPushes,
): Promise<readonly Person[]> {
  const { pullRequest } = await source.pull();
  const { headSha, headRef } = pullRequest;
  const told = await heard.ofRef(headRefOf(source.number));
  if (pullRequest.fork) return pushersOfFork(source, pullRequest, told, commits, cache, heard);
  const people = new Map<number, Person>();
  const count = (person: Person | null): void => {
    if (person !== null) people.set(person.id, person);
  };
  for (const push of told) if (push.kind !== "creation") count(push.by);
  const own = await commits();
  const branch = whoPushed(await heard.ofRef(`refs/heads/${headRef}`), own, headSha);
  branch.people.forEach(count);
  if (branch.complete) return [...people.values()];
  const key = `${source.repository.installationId}:${source.repository.id}:${headRef}:${headSha}`;
  const entries = await cache.get(key, () => readActivity(source, source.repository, headRef));
  if (!entries.some((entry) => entry.after === headSha)) {
    // The record lags behind the push: it is asked for again next time.
    cache.drop((one) => one === key);
    if (!told.some((push) => push.after === headSha && push.by !== null))
      throw new GitHubError(
        "unavailable",
        `GitHub's record of who pushed to ${headRef} does not show ${headSha.slice(0, 7)} yet`,
      );
  }
  for (const entry of relevant(entries, own, headSha)) count(fromRestUser(entry.actor));
  return [...people.values()];
}

export type ActivityCache = ExpiringCache<readonly Activity[]>;
