import { z } from "zod";
import { connection, part } from "../client/connection.ts";
import type { Overview } from "./overview.ts";

const commitsShape = connection(
  z.object({
    commit: z.object({
      oid: z.string(),
      tree: z.object({ oid: z.string() }),
      parents: z.object({
        totalCount: z.number(),
        nodes: z.array(z.object({ oid: z.string() })),
      }),
    }),
  }),
);

/** What a pull request's commits say of where one of them left the base. */
export interface Lineage {
  readonly treeOf: (sha: string) => string | undefined;
  /** The commit of the base that `sha` and the base have in common; undefined when that cannot be told from here. */
  readonly mergeBaseOf: (sha: string) => string | undefined;
}

/**
 * From the overview's list of commits; null when it does not show all of them with all of their parents. A commit's
 * ancestors that are not in the list are the base's: where there is only one such, everything else comes from it.
 */
export function lineageOf(overview: Overview | null): Lineage | null {
  const shown = part(commitsShape, overview?.pullRequest?.["commits"]);
  if (
    shown === null ||
    shown.pageInfo.hasNextPage ||
    shown.nodes.length !== shown.totalCount ||
    shown.nodes.some(({ commit }) => commit.parents.nodes.length !== commit.parents.totalCount)
  )
    return null;
  const commits = new Map(shown.nodes.map(({ commit }) => [commit.oid, commit]));
  return {
    treeOf: (sha) => commits.get(sha)?.tree.oid,
    mergeBaseOf: (sha) => {
      if (!commits.has(sha)) return undefined;
      const outside = new Set<string>();
      const seen = new Set<string>();
      const open = [sha];
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        if (seen.has(next)) continue;
        seen.add(next);
        for (const { oid } of commits.get(next)?.parents.nodes ?? [])
          if (commits.has(oid)) open.push(oid);
          else outside.add(oid);
      }
      const [only, ...more] = outside;
      return more.length === 0 ? only : undefined;
    },
  };
}
