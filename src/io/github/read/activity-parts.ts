import type { z } from "zod";
import type {
  PullActivity,
  PullSeen,
  RecentPull,
  RepositoryActivity,
} from "#core/sweep/activity.ts";
import type { GitHub } from "../client/client.ts";
import type {
  checkNodes,
  headCommit,
  place,
  pull,
  recentPull,
  Rollup,
  seen,
  suites,
} from "./activity-answer.ts";
import { digestOf } from "./digest-of.ts";
import { personOf, wordsOf } from "./recent-comments.ts";

/** The checks of others: what we answered ourselves is no news. Of more than are shown, how many are in which state. */
export function checksOf(
  raw: Rollup,
  appId: number,
  late: z.infer<typeof checkNodes> = [],
): unknown {
  if (raw === null || raw === undefined) return [];
  const { totalCount, nodes, checkRunCountsByState, statusContextCountsByState } = raw.contexts;
  const others = (list: z.infer<typeof checkNodes>): typeof list =>
    list.filter((node) => node?.checkSuite?.app?.databaseId !== appId);
  return [
    others(nodes),
    totalCount > nodes.length
      ? [totalCount, checkRunCountsByState, statusContextCountsByState, others(late)]
      : null,
  ];
}

/**
 * Suites of others in which no check is: a run that ended, or waits, without a job. Every App has one on each commit that
 * is queued for ever; that is none.
 */
export function joblessOf(
  raw: z.infer<typeof suites>,
  checks: readonly z.infer<typeof checkNodes>[],
  appId: number,
): readonly unknown[] {
  const withChecks = new Set(checks.flat().map((node) => node?.checkSuite?.databaseId));
  return (raw?.nodes ?? []).filter(
    (suite) =>
      suite !== null &&
      suite.status !== "QUEUED" &&
      suite.app?.databaseId !== appId &&
      !withChecks.has(suite.databaseId),
  );
}

const seenOf = (repository: number, raw: z.infer<typeof seen>): PullSeen => ({
  repository,
  number: raw.number,
  state: raw.state === "OPEN" ? "open" : "closed",
  headSha: raw.headRefOid,
  headRef: raw.headRefName,
  baseRef: raw.baseRefName,
});

export function pullOf(
  repository: number,
  raw: z.infer<typeof pull>,
  /** undefined: it was not asked for. */
  head: z.infer<typeof headCommit> | undefined,
  { appId, toServerTime }: Pick<GitHub, "appId" | "toServerTime">,
): PullActivity {
  const {
    baseRef,
    statusCheckRollup,
    late,
    reviewThreads,
    lateThreads,
    mergeQueueEntry: entry,
    inGroup,
    ...rest
  } = raw;
  const checks = statusCheckRollup?.contexts;
  const ofGroup = inGroup?.headCommit?.statusCheckRollup;
  // A red that a green came after leaves the group's state as it was.
  const groupChecks = [
    entry?.headCommit?.statusCheckRollup?.state ?? null,
    checksOf(ofGroup, appId, ofGroup?.late.nodes),
    joblessOf(
      inGroup?.headCommit?.checkSuites,
      [ofGroup?.contexts.nodes ?? [], ofGroup?.late.nodes ?? []],
      appId,
    ),
  ];
  const jobless =
    head === undefined || head === null
      ? null
      : joblessOf(head.checkSuites, [checks?.nodes ?? [], late?.contexts.nodes ?? []], appId);
  const baseTip = baseRef?.target?.oid ?? null;
  return {
    ...seenOf(repository, raw),
    baseTip,
    group:
      entry?.headCommit && entry.baseCommit
        ? {
            headSha: entry.headCommit.oid,
            onto: entry.baseCommit.oid,
            checks: digestOf(groupChecks),
          }
        : null,
    // A tip that moves on is a matter of its own: most rules do not ask for it. A branch that is gone is not.
    digest: digestOf([
      rest,
      baseTip === null,
      checksOf(statusCheckRollup, appId, late?.contexts.nodes),
      entry === null || entry === undefined
        ? null
        : [entry["state"], entry.headCommit?.oid, entry.baseCommit?.oid, groupChecks],
    ]),
    jobless: jobless === null ? null : { digest: digestOf(jobless), isEmpty: jobless.length === 0 },
    threads: reviewThreads
      ? {
          digest: digestOf([reviewThreads, lateThreads ?? null]),
          isEmpty: reviewThreads.totalCount === 0,
        }
      : null,
    updatedAt: Date.parse(raw.updatedAt) - toServerTime(0),
    isDeep:
      (checks !== undefined && checks.totalCount > checks.nodes.length) ||
      (reviewThreads?.totalCount ?? 0) > (reviewThreads?.nodes.length ?? 0),
    reviewers: [
      ...new Set(raw.latestOpinionatedReviews?.nodes.flatMap((one) => one?.author?.login ?? [])),
    ],
  };
}

export const recentOf = (raw: z.infer<typeof recentPull>, ahead: number): RecentPull => ({
  ...seenOf(raw.repository.databaseId, raw),
  owner: raw.repository.owner.login,
  name: raw.repository.name,
  updatedAt: Date.parse(raw.updatedAt) - ahead,
  author: personOf(raw.author),
  comments: wordsOf(raw.comments),
  reviews: wordsOf(raw.reviews),
});

export function placeOf(raw: z.infer<typeof place>): RepositoryActivity {
  const branch = raw.defaultBranchRef;
  return {
    repository: raw.databaseId,
    policy: [raw.yml?.oid ?? null, raw.yaml?.oid ?? null],
    defaultBranch: branch?.target ? { name: branch.name, tip: branch.target.oid } : null,
    openPulls: raw.opened?.totalCount ?? null,
    archived: raw.isArchived ?? false,
    private: raw.isPrivate ?? true,
    deployments: (raw.deployments?.nodes ?? [])
      .map(({ databaseId, state }) => `${databaseId}:${state ?? ""}`)
      .join(" "),
  };
}
