import { z } from "zod";
import type { BaseCoverage, CoverageFact, CoverageSource } from "#core/facts/coverage.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { GitHubError } from "#io/github/client/github-error.ts";
import type { CommitSource } from "../subject-source.ts";
import { figureKey, keepFigure, type Line, nearestFigure } from "./base-figure.ts";
import type { CommitArtifacts } from "./commit-artifacts.ts";
import type { EvidenceContext } from "./evidence-cache.ts";
import { readCoverage } from "./read-coverage.ts";

const kept = z.object({
  percent: z.number(),
  from: z.enum(["artifact", "service"]),
  reports: z.array(z.string()),
});
type Kept = z.output<typeof kept>;

const keyOf = (repository: RepositoryRecord, sha: string, place: CoverageSource): string =>
  figureKey("coverage", repository, sha, [place.from ?? null, place.flags ?? null]);

/** Keeps the figure of a commit. */
export async function rememberCoverage(
  context: EvidenceContext,
  repository: RepositoryRecord,
  sha: string,
  place: CoverageSource,
  fact: CoverageFact,
): Promise<void> {
  // A part that more may follow is no figure of the commit.
  if (fact.kind !== "figures" || fact.project === null || fact.waiting.length > 0) return;
  const text = JSON.stringify(keptOf(fact.project.percent, fact));
  await keepFigure(context, keyOf(repository, sha, place), text);
}

const keptOf = (
  percent: number,
  { from, reports }: Extract<CoverageFact, { kind: "figures" }>,
): Kept => ({ percent, from, reports: [...reports] });

/** Coverage of the merge base, or of the nearest ancestor on the base branch that has any. */
export async function readBaseCoverage(
  context: EvidenceContext,
  repository: RepositoryRecord,
  line: Line,
  place: CoverageSource,
): Promise<BaseCoverage | null> {
  const found = await nearestFigure(context, repository, line, {
    keyOf: (sha) => keyOf(repository, sha, place),
    // What was kept before reports were told apart is read again.
    parse: (text) => kept.safeParse(JSON.parse(text)).data,
    read: (sha, artifacts) => readFigure(context, repository, { line, sha, artifacts }, place),
  });
  return found === null ? null : { sha: found.sha, ...found.value };
}

async function readFigure(
  context: EvidenceContext,
  repository: RepositoryRecord,
  of: {
    readonly line: Line;
    readonly sha: string;
    readonly artifacts: (workflow: string | undefined) => Promise<CommitArtifacts>;
  },
  place: CoverageSource,
): Promise<Kept | null> {
  const { line, sha, artifacts } = of;
  const checks: CommitSource = {
    github: context.github,
    repository,
    sha: async () => sha,
    base: () => line.baseRef(),
    overview: async () => null,
  };
  const fact = await readCoverage(
    context,
    {
      repository,
      sha,
      artifacts,
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
