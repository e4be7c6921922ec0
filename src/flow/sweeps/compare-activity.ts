import type { Event } from "#core/model/event.ts";
import type { PullRequestRow } from "#core/ports/pull-request.ts";
import type { WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type {
  ActivityQuestion,
  PullActivity,
  RecentPull,
  RepositoryActivity,
} from "#core/sweep/activity.ts";
import { missedEvent, missedTeamEvent } from "#core/sweep/missed-event.ts";
import type { Deps } from "#flow/deps.ts";
import { judgeItem } from "#flow/jobs/judge-job.ts";
import { policyJob } from "#flow/jobs/repository-jobs.ts";
import { subjectOf } from "#flow/judge/waiting-deployments.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { createRepositoryFinder } from "./find-repositories.ts";
import { waitingItems } from "./find-waiting.ts";
import type { Seen, SweepPorts } from "./sweep-ports.ts";
import type { SweepState } from "./sweep-state.ts";

/** By then a further change is told as a later one. */
const settledAfterMs = 10_000;

export interface Compared {
  readonly items: readonly WorkItem[];
  readonly marks: Readonly<Record<string, string>>;
  readonly lively: Readonly<Record<string, number>>;
  readonly strangers: readonly number[];
}

/** The work for everything that changed since the last sweep, or was never seen before. */
export async function compareActivity(
  deps: Deps,
  policies: Policies,
  { onEvent }: SweepPorts,
  seen: Seen,
): Promise<Compared> {
  const { installation, owner, known, activity, before, question } = seen;
  const { records } = deps.store;
  const { repositories } = known;
  const now = deps.clock.now();
  const items: WorkItem[] = [];
  const marks: Record<string, string> = {};

  const isNew = (key: string, mark: string): boolean => {
    marks[key] = mark;
    return before.marks[key] !== mark;
  };
  const finder = createRepositoryFinder(deps, policies, seen, isNew);
  const heard = async (event: Event): Promise<void> => {
    items.push(...(await onEvent(event)));
  };
  const judge = (repository: number, number: number): void => {
    items.push(judgeItem({ kind: "pull_request", repository, number }, now, false));
  };

  /** A queued pull request is judged with the group that contains it, and so are the groups behind it. */
  async function lookAtGroups(
    repository: RepositoryRecord,
    pulls: readonly PullActivity[],
    changed: boolean,
  ): Promise<void> {
    for (const pull of pulls) {
      const { group } = pull;
      if (group === null) continue;
      marks[`queued:${repository.id}:${pull.number}`] = "queued";
      if (!isNew(`group:${repository.id}:${group.headSha}`, group.checks) && !changed) continue;
      const stored = await records.getValue(`merge-group:${repository.id}:${group.headSha}`);
      const refs =
        stored === null
          ? {
              headRef: `refs/heads/gh-readonly-queue/${pull.baseRef}/pr-${pull.number}-${group.onto}`,
              baseRef: `refs/heads/${pull.baseRef}`,
            }
          : (JSON.parse(stored) as { readonly headRef: string; readonly baseRef: string });
      await heard(
        missedEvent("merge_group.checks_requested", repository, {
          mergeGroup: { headSha: group.headSha, ...refs },
        }),
      );
    }
  }

  const told = (pull: PullActivity | RecentPull, changed: readonly string[] = []) => ({
    number: pull.number,
    headSha: pull.headSha,
    headRef: pull.headRef,
    baseRef: pull.baseRef,
    state: pull.state,
    draft: false,
    changed,
    before: null,
  });

  /** The name of the event that was missed; null if only the digest differs. */
  function missed(row: PullRequestRow | undefined, pull: PullActivity | RecentPull): string | null {
    if (row === undefined) return "pull_request.opened";
    if (pull.state === "closed") return row.state === "open" ? "pull_request.closed" : null;
    if (row.state === "closed") return "pull_request.reopened";
    if (row.headSha !== pull.headSha) return "pull_request.synchronize";
    return row.baseRef === pull.baseRef ? null : "pull_request.edited";
  }

  /** Which are resolved; of one that has none, that there are none as long as it is the same. */
  function lookAtThreads(place: string, { threads, digest, updatedAt }: PullActivity): boolean {
    if (threads === null) return false;
    // GitHub tells whole seconds: what comes within this one leaves the pull request looking the same.
    if (threads.isEmpty && now - updatedAt > settledAfterMs) marks[`bare:${place}`] = digest;
    return isNew(`threads:${place}`, threads.digest);
  }

  /** Runs without a job, which no check shows: the first look at a head that has none brings nothing new. */
  function lookAtRuns(place: string, { jobless }: PullActivity): boolean {
    if (jobless === null) return false;
    const key = `jobless:${place}`;
    const isFirst = before.marks[key] === undefined;
    return isNew(key, jobless.digest) && !(isFirst && jobless.isEmpty);
  }

  async function lookAtPulls(
    repository: RepositoryRecord,
    pulls: readonly PullActivity[],
  ): Promise<void> {
    const bases = new Map<string, string>();
    let isQueueChanged = false;
    for (const pull of pulls) {
      const row = known.pulls.find(
        (one) => one.repository === pull.repository && one.number === pull.number,
      );
      const place = `${pull.repository}:${pull.number}`;
      const isOther = isNew(`pull:${place}`, pull.digest);
      const threads = lookAtThreads(place, pull);
      if (pull.isDeep) marks[`deep:${place}`] = "deep";
      const runs = lookAtRuns(place, pull);
      const changed = isOther || threads || runs;
      const changedAt = isOther ? String(now) : before.marks[`changed:${place}`];
      if (changedAt !== undefined) marks[`changed:${place}`] = changedAt;
      if (changed && pull.group !== null) isQueueChanged = true;
      const name = missed(row, pull);
      if (name !== null)
        await heard(
          missedEvent(name, repository, {
            pullRequest: told(pull, name === "pull_request.edited" ? ["base"] : []),
          }),
        );
      else if (changed) judge(pull.repository, pull.number);
      if (pull.baseTip !== null) bases.set(pull.baseRef, pull.baseTip);
    }
    for (const [branch, tip] of bases)
      if (isNew(`base:${repository.id}:${branch}`, tip)) await pushed(repository, branch, tip);
    await lookAtGroups(repository, pulls, isQueueChanged);
  }

  /**
   * A branch has another tip. Usually its push was delivered, and most rules do not depend on it: only subjects
   * whose rules do are woken.
   */
  async function pushed(repository: RepositoryRecord, branch: string, tip: string): Promise<void> {
    const event = missedEvent("push", repository, {
      push: { ref: `refs/heads/${branch}`, after: tip, deleted: false },
    });
    if (
      (await policies.listens(repository, event)) ||
      (await policies.listens(repository, event, "deployment"))
    )
      await heard(event);
  }

  async function lookAtRepository(
    repository: RepositoryRecord,
    part: RepositoryActivity,
  ): Promise<void> {
    const { id } = repository;
    const blobs = part.policy.filter((blob) => blob !== null);
    if (isNew(`policy:${id}`, blobs.join(" "))) {
      const record = await records.policy(id);
      const isKnown =
        record === null
          ? blobs.length === 0
          : blobs.length <= 1 && (blobs[0] ?? null) === record.blobSha;
      if (!isKnown) items.push(policyJob.item({ repository: id }, now));
    }
    if (
      part.archived !== repository.archived ||
      part.private !== repository.private ||
      (part.defaultBranch !== null && part.defaultBranch.name !== repository.defaultBranch)
    )
      await heard(
        missedEvent("repository.edited", {
          ...repository,
          archived: part.archived,
          private: part.private,
          defaultBranch: part.defaultBranch?.name ?? repository.defaultBranch,
        }),
      );
    if (part.defaultBranch !== null) {
      const { name, tip } = part.defaultBranch;
      if (isNew(`tip:${id}`, tip)) await pushed(repository, name, tip);
    }
    const hasHeld = known.held.some((row) => row.repository === id);
    if (
      isNew(`deployments:${id}`, part.deployments) &&
      (hasHeld || part.deployments.includes("WAITING"))
    )
      items.push(...(await waitingItems(deps, repository)));
  }

  async function lookAtRecent(pull: RecentPull): Promise<void> {
    const repository = repositories.get(pull.repository) ?? (await finder.discover(pull));
    if (repository === null || repository.archived) return;
    finder.lively[String(pull.repository)] = now;
    const row = (await records.pullRequest(pull.repository, pull.number)) ?? undefined;
    const name = row === undefined && pull.state === "closed" ? null : missed(row, pull);
    if (name !== null)
      await heard(
        missedEvent(name, repository, {
          pullRequest: told(pull, name === "pull_request.edited" ? ["base"] : []),
        }),
      );
    const key = `said:${pull.repository}:${pull.number}`;
    const last = Number(before.marks[key] ?? 0);
    const since = question.since + deps.github.clockAhead();
    for (const comment of pull.comments) {
      // What was edited says nothing, and what is older was heard, or looked at, before.
      if (comment.id <= last || comment.edited || comment.createdAt < since) continue;
      await heard(
        missedEvent("issue_comment.created", repository, {
          sender: comment.author,
          comment: {
            id: comment.id,
            body: comment.body,
            issue: pull.number,
            onPullRequest: true,
            author: comment.author,
            viaApp: false,
            authorAssociation: comment.authorAssociation,
            createdAt: comment.createdAt,
            isAuthor: comment.author !== null && comment.author.id === pull.author?.id,
          },
          issue: {
            number: pull.number,
            isPullRequest: true,
            state: pull.state,
            author: pull.author,
          },
        }),
      );
    }
    // Reviews are numbered when they are begun, and said when they are submitted: each that is young is known by itself.
    const young = pull.reviews.filter(
      ({ body, edited, createdAt }) => !edited && body.trim() !== "" && createdAt >= since,
    );
    const reviewsKey = `reviewed:${pull.repository}:${pull.number}`;
    const seenBefore = (before.marks[reviewsKey] ?? "").split(" ");
    for (const review of young.filter(({ id }) => !seenBefore.includes(String(id))))
      await heard(
        missedEvent("pull_request_review.submitted", repository, {
          sender: review.author,
          pullRequest: told(pull),
          comment: {
            id: review.id,
            body: review.body,
            issue: pull.number,
            onPullRequest: true,
            author: review.author,
            viaApp: false,
            authorAssociation: review.authorAssociation,
            createdAt: review.createdAt,
            isAuthor: review.author !== null && review.author.id === pull.author?.id,
            review: { commit: review.commit },
          },
        }),
      );
    if (young.length > 0) marks[reviewsKey] = young.map(({ id }) => String(id)).join(" ");
    const newest = Math.max(last, ...pull.comments.map(({ id }) => id));
    if (newest > 0) marks[key] = String(newest);
  }

  await finder.lookAbove();
  for (const pull of activity.recent) await lookAtRecent(pull);
  await finder.lookAtPushed();
  const byRepository = new Map<number, PullActivity[]>();
  for (const pull of activity.pulls)
    byRepository.set(pull.repository, [...(byRepository.get(pull.repository) ?? []), pull]);
  for (const part of activity.repositories) {
    const repository = repositories.get(part.repository);
    if (repository !== undefined) await lookAtRepository(repository, part);
  }
  for (const [id, pulls] of byRepository) {
    const repository = repositories.get(id);
    if (repository !== undefined) await lookAtPulls(repository, pulls);
  }
  for (const { repository, number } of activity.missing)
    if (isNew(`pull:${repository.id}:${number}`, "missing")) judge(repository.id, number);
  for (const { repository, sha, checks } of activity.commits)
    if (isNew(`checks:${repository.id}:${sha}`, checks))
      for (const row of known.held)
        if (row.repository === repository.id && row.sha === sha)
          items.push(judgeItem(subjectOf(row), now, false));
  for (const { slug, members } of activity.teams)
    if (isNew(`team:${slug}`, members)) await heard(missedTeamEvent(installation, owner, slug));
  return {
    items: [...finder.items, ...items],
    marks: { ...kept(before, question), ...marks },
    lively: finder.lively,
    strangers: [...finder.strangers],
  };
}

/** Keeps the last marks of those that were not asked about this time. */
function kept(before: SweepState, question: ActivityQuestion): Record<string, string> {
  const asked = new Set([
    ...question.pulls.flatMap(({ repository, number }) =>
      ["pull", "changed", "deep", "queued"].map((kind) => `${kind}:${repository.id}:${number}`),
    ),
    ...question.repositories.map(({ id }) => `policy:${id}`),
  ]);
  const mostKept = 5_000;
  return Object.fromEntries(
    Object.entries(before.marks)
      .filter(([key]) => !asked.has(key))
      .slice(-mostKept),
  );
}
