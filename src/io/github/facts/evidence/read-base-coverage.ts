import { createHash } from "node:crypto";
import { z } from "zod";
import type { BaseCoverage, CoverageFact, CoverageSource } from "#core/facts/coverage.ts";
import { branchRef } from "#core/facts/run-origin.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { GitHubError } from "#io/github/client/github-error.ts";
import type { CommitSource } from "../subject-source.ts";
import { nearestWith } from "./ancestry.ts";
import { commitArtifacts } from "./commit-artifacts.ts";
import { type Change, type EvidenceContext, placeKey } from "./evidence-cache.ts";
import { readCoverage } from "./read-coverage.ts";

const kept = z.object({
  percent: z.number(),
  from: z.enum(["artifact", "service"]),
  reports: z.array(z.string()),
});
type Kept = z.output<typeof kept>;

const keyOf = (repository: RepositoryRecord, sha: string, place: CoverageSource): string =>
  `coverage:${repository.id}:${sha}:${createHash("sha256")
    .update(JSON.stringify([place.from ?? null, place.flags ?? null]))
    .digest("hex")
    .slice(0, 12)}`;

/** Remembers a figure by commit, so that it costs no call once the commit is on the base branch. */
export async function rememberCoverage(
  context: EvidenceContext,
  repository: RepositoryRecord,
  sha: string,
  place: CoverageSource,
  fact: CoverageFact,
): Promise<void> {
  // A part that more may follow is no figure of the commit.
  if (fact.kind !== "figures" || fact.project === null || fact.waiting.length > 0) return;
  const key = keyOf(repository, sha, place);
  const text = JSON.stringify(keptOf(fact.project.percent, fact));
  if ((await context.store.records.getValue(key)) !== text)
    await context.store.records.setValue(key, text);
}

const keptOf = (
  percent: number,
  { from, reports }: Extract<CoverageFact, { kind: "figures" }>,
): Kept => ({ percent, from, reports: [...reports] });

/** Coverage of the merge base, or of the nearest ancestor on the base branch that has any. */
export async function readBaseCoverage(
  context: EvidenceContext,
  repository: RepositoryRecord,
  change: Change,
  place: CoverageSource,
): Promise<BaseCoverage | null> {
  const { unmeasured } = context.caches;
  const noteKey = (sha: string): string =>
    `${placeKey(repository)}${keyOf(repository, sha, place)}`;
  const found = await nearestWith(
    context,
    { repository, mergeBase: await change.mergeBase(), branch: await change.baseRef() },
    async (sha) => {
      const text = await context.store.records.getValue(keyOf(repository, sha, place));
      // What was kept before reports were told apart is read again.
      const known = text === null ? undefined : kept.safeParse(JSON.parse(text)).data;
      if (known !== undefined) return known;
      return unmeasured.get(noteKey(sha)) === undefined ? undefined : null;
    },
    async (sha) => {
      const figure = await probe(context, repository, change, sha, place);
      // A commit without a report is not looked at again for a while.
      if (figure === null) unmeasured.put(noteKey(sha), "no report");
      return figure;
    },
  );
  return found === null ? null : { sha: found.sha, ...found.value };
}

async function probe(
  context: EvidenceContext,
  repository: RepositoryRecord,
  change: Change,
  sha: string,
  place: CoverageSource,
): Promise<Kept | null> {
  const checks: CommitSource = {
    github: context.github,
    repository,
    sha: async () => sha,
    base: () => change.baseRef(),
    overview: async () => null,
  };
  const fact = await readCoverage(
    context,
    {
      repository,
      sha,
      artifacts: commitArtifacts(context, repository, sha, async () => ({
        refs: new Set([branchRef(await change.baseRef())]),
        base: null,
        asking: null,
      })),
      // A service is asked about the base only where the policy reads its figure: reading all checks of a commit costs calls.
      source: place.from?.check !== undefined || place.from?.status !== undefined ? checks : null,
      isBase: true,
      diff: async () => {
        throw new GitHubError("incomplete", "a base has no diff");
      },
    },
    place,
  );
  await rememberCoverage(context, repository, sha, place, fact);
  return fact.kind === "figures" && fact.project !== null
    ? keptOf(fact.project.percent, fact)
    : null;
}
