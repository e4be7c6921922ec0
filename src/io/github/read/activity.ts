import type { z } from "zod";
import type {
  Activity,
  ActivityQuestion,
  CommitAsked,
  PullActivity,
  PullAsked,
  PushedRepository,
  RecentPull,
  RepositoryActivity,
  RepositoryAsked,
} from "#core/sweep/activity.ts";
import type { GitHub } from "../client/client.ts";
import { asInstallation } from "../client/requests.ts";
import { answer, commit, headCommit, place, pull, recentPull } from "./activity-answer.ts";
import { checksOf, joblessOf, placeOf, pullOf, recentOf } from "./activity-parts.ts";
import { activityQuery, sharesOf, type Share } from "./activity-query.ts";
import { digestOf } from "./digest-of.ts";
import {
  commentsSince,
  earlierQuery,
  earlierShape,
  type CommentKind,
  type CommentPage,
} from "./recent-comments.ts";

/** Pages of what changed lately; the rest is named in the next sweep. */
const mostPages = 6;

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
