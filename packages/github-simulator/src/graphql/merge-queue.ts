import { listedQueue } from "../scenario/merge-queue.ts";
import type { Repo } from "../world/repositories.ts";
import { iso, nodeId } from "../render/account.ts";
import { repoHtmlUrl } from "../render/repository.ts";
import { connection } from "./connection.ts";
import { shapeOrNull, type Args, type Gql, type Shape } from "./context.ts";

/** The merge queue of a branch with its entries in order. */
export function mergeQueue(g: Gql, repo: Repo, base: string): Shape {
  const url = `${repoHtmlUrl(g.world, repo)}/queue/${base}`;
  const commit = (sha: string | null): Shape | null =>
    shapeOrNull(sha === null ? null : g.world.git.commits.get(sha), (one) =>
      g.shapes.commit(g, repo, one),
    );
  return {
    __typename: "MergeQueue",
    id: nodeId("MergeQueue", repo.id, base),
    url,
    resourcePath: new URL(url).pathname,
    repository: () => g.shapes.repository(g, repo),
    nextEntryEstimatedTimeToMerge: null,
    configuration: null,
    entries: (args: Args) =>
      connection("entries", listedQueue(repo, base), args, (pull) => {
        const { queue } = pull;
        const issue = repo.issues.get(pull.number);
        if (queue === null || issue === undefined) return null;
        return {
          __typename: "MergeQueueEntry",
          id: nodeId("MergeQueueEntry", repo.id, pull.number),
          position: queue.position,
          state: queue.state,
          enqueuedAt: iso(queue.enqueuedAt),
          jump: false,
          solo: false,
          estimatedTimeToMerge: null,
          enqueuer: g.shapes.actor(g, queue.enqueuerId),
          headCommit: () => commit(queue.headSha),
          baseCommit: () => commit(queue.baseSha),
          pullRequest: () => g.shapes.pull(g, repo, pull, issue),
          mergeQueue: () => mergeQueue(g, repo, base),
        };
      }),
  };
}
