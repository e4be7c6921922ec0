import { createHash } from "node:crypto";
import { z } from "zod";
import type {
  Activity,
  ActivityQuestion,
  CommitAsked,
  PullActivity,
  PullAsked,
  PullSeen,
  PushedRepository,
  RecentPull,
  RepositoryActivity,
  RepositoryAsked,
} from "#core/sweep/activity.ts";
import { activityQuery, sharesOf, type Share } from "./activity-query.ts";
import type { GitHub } from "../client/client.ts";
import { asInstallation } from "../client/requests.ts";
import {
  authorShape,
  earlierQuery,
  earlierShape,
  personOf,
  commentShape,
  commentsSince,
  wordsOf,
  type CommentKind,
  type CommentPage,
} from "./recent-comments.ts";

const oid = z.object({ oid: z.string() });
const checkNodes = z.array(
  z
    .looseObject({
      checkSuite: z
        .looseObject({
          databaseId: z.number().nullish(),
          app: z.object({ databaseId: z.number().nullish() }).nullish(),
        })
        .nullish(),
    })
    .nullable(),
);
const counts = z.array(z.object({ state: z.string(), count: z.number() })).nullish();
const reported = z.object({
  contexts: z.object({
    totalCount: z.number(),
    checkRunCountsByState: counts,
    statusContextCountsByState: counts,
    nodes: checkNodes,
  }),
});
const suites = z
  .object({
    nodes: z.array(
      z
        .object({
          databaseId: z.number(),
          status: z.string(),
          conclusion: z.string().nullish(),
          app: z.object({ databaseId: z.number().nullish() }).nullish(),
        })
        .nullable(),
    ),
  })
  .nullish();
const headCommit = z.object({ checkSuites: suites }).nullish();
const rollup = reported.nullish();
const threads = z
  .object({
    totalCount: z.number(),
    nodes: z.array(z.object({ id: z.string(), isResolved: z.boolean() }).nullable()),
  })
  .nullish();
type Rollup = z.infer<typeof rollup>;
const seen = z.looseObject({
  number: z.number(),
  state: z.string(),
  updatedAt: z.string(),
  headRefOid: z.string(),
  headRefName: z.string(),
  baseRefName: z.string(),
});
const pull = seen.extend({
  baseRef: z.object({ target: oid.nullish() }).nullish(),
  baseChanges: z.object({ nodes: z.array(z.looseObject({})) }).nullish(),
  statusCheckRollup: rollup,
  late: z.object({ contexts: z.object({ nodes: checkNodes }) }).nullish(),
  latestOpinionatedReviews: z
    .object({
      totalCount: z.number(),
      nodes: z.array(
        z
          .object({ state: z.string(), author: z.object({ login: z.string() }).nullish() })
          .nullable(),
      ),
    })
    .nullish(),
  reviewThreads: threads,
  lateThreads: threads,
  mergeQueueEntry: z
    .looseObject({
      headCommit: oid
        .extend({ statusCheckRollup: z.object({ state: z.string() }).nullish() })
        .nullish(),
      baseCommit: oid.nullish(),
    })
    .nullish(),
  inGroup: z
    .object({
      headCommit: z
        .object({
          checkSuites: suites,
          statusCheckRollup: reported.extend({ late: z.object({ nodes: checkNodes }) }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});
const recentPull = seen.extend({
  repository: z.object({
    databaseId: z.number(),
    name: z.string(),
    owner: z.object({ login: z.string() }),
  }),
  author: authorShape,
  comments: commentShape,
  reviews: commentShape,
});
const place = z.looseObject({
  databaseId: z.number(),
  yml: oid.nullish(),
  yaml: oid.nullish(),
  defaultBranchRef: z.object({ name: z.string(), target: oid.nullish() }).nullish(),
  opened: z.object({ totalCount: z.number() }).nullish(),
  isArchived: z.boolean().optional(),
  isPrivate: z.boolean().optional(),
  deployments: z
    .object({ nodes: z.array(z.object({ databaseId: z.number(), state: z.string().nullable() })) })
    .nullish(),
});
const commit = z.object({ checkSuites: suites, statusCheckRollup: rollup }).nullish();
const team = z
  .object({
    databaseId: z.number(),
    members: z.object({
      totalCount: z.number(),
      nodes: z.array(z.object({ databaseId: z.number() }).nullable()),
    }),
  })
  .nullish();
const found = z.object({
  issueCount: z.number(),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
  nodes: z.array(z.looseObject({ __typename: z.string() }).nullable()),
});
const answer = z.looseObject({
  recent: found.optional(),
  organization: z.record(z.string(), team).nullish(),
  above: z.object({ databaseId: z.number() }).nullish(),
  lively: z
    .object({
      repositories: z.object({
        nodes: z.array(
          z
            .object({
              databaseId: z.number(),
              name: z.string(),
              pushedAt: z.string().nullable(),
              owner: z.object({ login: z.string() }),
            })
            .nullable(),
        ),
      }),
    })
    .nullish(),
});

/** Pages of what changed lately; the rest is named in the next sweep. */
const mostPages = 6;

/** Short: a digest is kept for each pull request, and only ever compared with one of its own kind. */
const digestOf = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("base64url").slice(0, 12);

/** The checks of others: what we answered ourselves is no news. Of more than are shown, how many are in which state. */
function checksOf(raw: Rollup, appId: number, late: z.infer<typeof checkNodes> = []): unknown {
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
function joblessOf(
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

function pullOf(
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

const recentOf = (raw: z.infer<typeof recentPull>, ahead: number): RecentPull => ({
  ...seenOf(raw.repository.databaseId, raw),
  owner: raw.repository.owner.login,
  name: raw.repository.name,
  updatedAt: Date.parse(raw.updatedAt) - ahead,
  author: personOf(raw.author),
  comments: wordsOf(raw.comments),
  reviews: wordsOf(raw.reviews),
});

function placeOf(raw: z.infer<typeof place>): RepositoryActivity {
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

interface Gathered {
  readonly recent: RecentPull[];
  readonly pulls: PullActivity[];
  readonly missing: PullAsked[];
  readonly repositories: RepositoryActivity[];
  readonly commits: (CommitAsked & { checks: string })[];
  readonly teams: { slug: string; members: string }[];
  readonly pushed: PushedRepository[];
  above: number | null | undefined;
}

/** Takes what one call answered apart. A part that GitHub did not show is left out, or named as missing. */
function gather(
  into: Gathered,
  share: Share,
  data: z.infer<typeof answer>,
  github: Pick<GitHub, "appId" | "toServerTime">,
): void {
  const { appId } = github;
  const partOf = (at: RepositoryAsked): Record<string, unknown> | null => {
    const read = place.safeParse(data[`r${at.id}`]);
    // Another repository may have the name by now.
    return read.success && read.data.databaseId === at.id ? read.data : null;
  };
  for (const at of share.repositories) {
    const part = partOf(at);
    if (part !== null) into.repositories.push(placeOf(place.parse(part)));
  }
  for (const asked of share.pulls) {
    const read = pull.safeParse(partOf(asked.repository)?.[`p${asked.number}`]);
    const head =
      asked.runsOf === undefined
        ? undefined
        : headCommit.safeParse(partOf(asked.repository)?.[`h${asked.runsOf}`]).data;
    // Of an older head nothing is told that could be laid beside the checks of this one.
    if (read.success)
      into.pulls.push(
        pullOf(
          asked.repository.id,
          read.data,
          read.data.headRefOid === asked.runsOf ? head : undefined,
          github,
        ),
      );
    else into.missing.push(asked);
  }
  for (const asked of share.commits) {
    const read = commit.safeParse(partOf(asked.repository)?.[`c${asked.sha}`]);
    into.commits.push({
      ...asked,
      checks: digestOf(
        read.success
          ? [
              checksOf(read.data?.statusCheckRollup, appId),
              joblessOf(
                read.data?.checkSuites,
                [read.data?.statusCheckRollup?.contexts.nodes ?? []],
                appId,
              ),
            ]
          : null,
      ),
    });
  }
  for (const [index, slug] of share.teams.entries())
    into.teams.push({ slug, members: digestOf(data.organization?.[`t${index}`] ?? null) });
}

/** Asks GitHub what changed in an installation: the known by name, the unknown by one search. */
export async function readActivity(github: GitHub, question: ActivityQuestion): Promise<Activity> {
  const from = github.toServerTime(question.since);
  const searched = `user:${question.owner} is:pr updated:>=${new Date(from).toISOString().slice(0, 19)}Z sort:updated-asc`;
  const into: Gathered = {
    recent: [],
    pulls: [],
    missing: [],
    repositories: [],
    commits: [],
    teams: [],
    pushed: [],
    above: undefined,
  };
  let calls = 0;
  const ask = async (
    share: Share,
    after: string | null | undefined,
  ): Promise<z.infer<typeof answer>> => {
    calls += 1;
    const withSearch = after !== undefined;
    return github.graphql(asInstallation(question.installationId), {
      query: activityQuery(
        share,
        question,
        after === undefined ? null : after === null ? "first page" : "next page",
      ),
      variables: withSearch ? { recent: searched, after } : {},
      schema: answer,
      // A repository that is gone or out of sight must not hide the others: its part is missing, and says so.
      partial: true,
    });
  };
  let after: string | null | undefined = null;
  let isComplete = true;
  /** With the rest of a talk that is longer than what came with its pull request. */
  const withEarlier = async (raw: z.infer<typeof recentPull>): Promise<RecentPull> => {
    const one = recentOf(raw, github.toServerTime(0));
    const earlier =
      (kind: CommentKind) =>
      async (before: string): Promise<CommentPage | null> => {
        calls += 1;
        const { repository } = await github.graphql(asInstallation(question.installationId), {
          query: earlierQuery(kind),
          variables: { owner: one.owner, name: one.name, number: one.number, before },
          schema: earlierShape,
        });
        return repository?.databaseId === one.repository
          ? (repository.pullRequest?.said ?? null)
          : null;
      };
    return {
      ...one,
      comments: await commentsSince(raw.comments, from, earlier("comments")),
      reviews: await commentsSince(raw.reviews, from, earlier("reviews")),
    };
  };
  const takeRecent = async (data: z.infer<typeof answer>): Promise<void> => {
    const page = data.recent;
    if (page === undefined) {
      isComplete = false;
      after = undefined;
      return;
    }
    for (const node of page.nodes) {
      const read = recentPull.safeParse(node);
      if (read.success) into.recent.push(await withEarlier(read.data));
    }
    after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? undefined) : undefined;
  };
  const nothing: Share = { pulls: [], repositories: [], commits: [], teams: [] };
  const shares = sharesOf(question);
  for (const [index, share] of shares.entries()) {
    const data = await ask(share, index === 0 ? null : undefined);
    if (index === 0) {
      await takeRecent(data);
      // Left out is not the same as none.
      if (data.above !== undefined) into.above = data.above?.databaseId ?? null;
      for (const node of data.lively?.repositories.nodes ?? [])
        if (node?.pushedAt)
          into.pushed.push({
            repository: node.databaseId,
            owner: node.owner.login,
            name: node.name,
            at: Date.parse(node.pushedAt) - github.toServerTime(0),
          });
    }
    gather(into, share, data, github);
  }
  for (let page = 1; after !== undefined && page < mostPages; page += 1)
    await takeRecent(await ask(nothing, after));
  if (after !== undefined) isComplete = false;
  return { ...into, isRecentComplete: isComplete, calls };
}
