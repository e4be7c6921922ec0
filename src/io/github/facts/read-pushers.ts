import { headRefOf, whoPushed } from "#core/events/push-chain.ts";
import type { PullRequestFact } from "#core/facts/pull-request.ts";
import type { Person } from "#core/model/actor.ts";
import type { PushSeen } from "#core/model/push.ts";
import { GitHubError } from "../client/github-error.ts";
import type { ExpiringCache } from "./expiring-cache.ts";
import { readForkActivity } from "./fork-activity.ts";
import { fromRestUser } from "./person.ts";
import type { MergesOfBase } from "./merges-of-base.ts";
import { readActivity, withoutRestorations, type Activity } from "./read-activity.ts";
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
  for (const entry of withoutRestorations(entries)) {
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

interface Moved {
  readonly before?: string | null | undefined;
  readonly after?: string | null | undefined;
}

/** Whether a push brought a clean merge of the base and nothing else. */
async function nobodysWork(
  { repository }: Pick<PullSource, "repository">,
  pushes: readonly Moved[],
  mergesOfBase: Pick<MergesOfBase, "known">,
): Promise<(push: Moved) => boolean> {
  const clean = await mergesOfBase.known(
    repository,
    pushes.flatMap(({ after }) => after ?? []),
  );
  return ({ before, after }) =>
    typeof before === "string" && typeof after === "string" && clean.get(after) === before;
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
  mergesOfBase: Pick<MergesOfBase, "known">,
): Promise<readonly Person[]> {
  const ref = headRefOf(source.number);
  if (told.length === 0) {
    await heard.add({ ref, before: null, after: headSha, kind: "first_seen", by: null });
    return [];
  }
  const own = await commits();
  const isNobodysWork = await nobodysWork(source, told, mergesOfBase);
  const { people, complete } = whoPushed(told, new Set(), headSha, isNobodysWork);
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
  const entered = relevant(entries, own, headSha);
  const isNobodysEntry = await nobodysWork(source, entered, mergesOfBase);
  const named = entered.flatMap((entry) =>
    isNobodysEntry(entry) ? [] : (fromRestUser(entry.actor) ?? []),
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
  mergesOfBase: Pick<MergesOfBase, "known">,
): Promise<readonly Person[]> {
  const { pullRequest } = await source.pull();
  const { headSha, headRef } = pullRequest;
  const told = await heard.ofRef(headRefOf(source.number));
  if (pullRequest.fork)
    return pushersOfFork(source, pullRequest, told, commits, cache, heard, mergesOfBase);
  const people = new Map<number, Person>();
  const count = (person: Person | null): void => {
    if (person !== null) people.set(person.id, person);
  };
  // Which merges are clean is looked at where the commits are read.
  const own = await commits();
  const toBranch = await heard.ofRef(`refs/heads/${headRef}`);
  const isNobodysWork = await nobodysWork(source, [...told, ...toBranch], mergesOfBase);
  for (const push of told) if (push.kind !== "creation" && !isNobodysWork(push)) count(push.by);
  const branch = whoPushed(toBranch, own, headSha, isNobodysWork);
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
  const entered = relevant(entries, own, headSha);
  const isNobodysEntry = await nobodysWork(source, entered, mergesOfBase);
  for (const entry of entered) if (!isNobodysEntry(entry)) count(fromRestUser(entry.actor));
  return [...people.values()];
}

export type ActivityCache = ExpiringCache<readonly Activity[]>;
