import { z } from "zod";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { asRepository } from "#io/github/client/requests.ts";
import { orAbsent } from "#io/github/client/or-absent.ts";
import { type EvidenceContext, placeKey } from "./evidence-cache.ts";
import { commitsWithRuns } from "./workflow-runs.ts";

const comparison = z.object({ merge_base_commit: z.object({ sha: z.string() }) });
const history = z.array(
  z.object({ sha: z.string(), parents: z.array(z.object({ sha: z.string() })) }),
);
const gitCommit = z.object({ parents: z.array(z.object({ sha: z.string() })) });

/** The commit where the change left its base branch. */
export async function mergeBase(
  context: EvidenceContext,
  repository: RepositoryRecord,
  base: string,
  head: string,
): Promise<string> {
  const { github, caches } = context;
  const [sha = base] = await caches.commits.get(
    `${placeKey(repository)}base:${base}:${head}`,
    async () => {
      // The second page holds neither commits nor files: only what two commits have in common is wanted.
      const request = github.endpoint("GET /repos/{owner}/{repo}/compare/{basehead}", {
        owner: repository.owner,
        repo: repository.name,
        basehead: `${base}...${head}`,
        per_page: 1,
        page: 2,
      });
      return [
        (await github.rest(asRepository(repository), request, comparison)).data.merge_base_commit
          .sha,
      ];
    },
  );
  return sha;
}

/** A commit and those before it on its own branch (first parents), nearest first: as many as one page tells. */
export async function firstParents(
  context: EvidenceContext,
  repository: RepositoryRecord,
  sha: string,
): Promise<readonly string[]> {
  const { github, caches } = context;
  return caches.commits.get(
    `${placeKey(repository)}log:${sha}`,
    async () => {
      const request = github.endpoint("GET /repos/{owner}/{repo}/commits", {
        owner: repository.owner,
        repo: repository.name,
        sha,
        per_page: 100,
      });
      const { data } = await github.rest(asRepository(repository), request, history);
      const parents = new Map(data.map((commit) => [commit.sha, commit.parents[0]?.sha]));
      const line: string[] = [];
      for (
        let at: string | undefined = sha;
        at !== undefined && parents.has(at) && line.length < parents.size;
        at = parents.get(at)
      )
        line.push(at);
      return line;
    },
    (line) => 1 + line.length,
  );
}

/** The parents of a commit; empty where it is gone. GitHub tests a pull request as a merge commit of its own making. */
export async function parentsOf(
  context: EvidenceContext,
  repository: RepositoryRecord,
  sha: string,
): Promise<readonly string[]> {
  const { github, caches } = context;
  return caches.commits.get(`${placeKey(repository)}parents:${sha}`, async () => {
    const request = github.endpoint("GET /repos/{owner}/{repo}/git/commits/{commit_sha}", {
      owner: repository.owner,
      repo: repository.name,
      commit_sha: sha,
    });
    const answer = await orAbsent(github.rest(asRepository(repository), request, gitCommit));
    return (answer?.data.parents ?? []).map((parent) => parent.sha);
  });
}

/** Ancestors that are looked into for evidence, beyond the merge base itself. */
const mostProbes = 4;

/**
 * The nearest commit, from the merge base backwards along the base branch, that has what is looked for. `recall` answers
 * from what was remembered (undefined: nothing is known of that commit); `probe` reads, and is asked sparingly.
 */
export async function nearestWith<V>(
  context: EvidenceContext,
  at: {
    readonly repository: RepositoryRecord;
    readonly mergeBase: string;
    readonly branch: string;
  },
  recall: (sha: string) => Promise<V | null | undefined>,
  probe: (sha: string) => Promise<V | null>,
): Promise<{ readonly sha: string; readonly value: V } | null> {
  const remembered = await recall(at.mergeBase);
  const first = remembered === undefined ? await probe(at.mergeBase) : remembered;
  if (first !== null) return { sha: at.mergeBase, value: first };
  const line = (await firstParents(context, at.repository, at.mergeBase)).slice(1);
  let runs: ReadonlySet<string> | null = null;
  let probes = 0;
  for (const sha of line) {
    const known = await recall(sha);
    if (known !== undefined && known !== null) return { sha, value: known };
    if (known === null) continue;
    runs ??= new Set(await commitsWithRuns(context.github, at.repository, at.branch));
    if (!runs.has(sha)) continue;
    if (probes >= mostProbes) break;
    probes += 1;
    const value = await probe(sha);
    if (value !== null) return { sha, value };
  }
  return null;
}
