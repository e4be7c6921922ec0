import { z } from "zod";
import type { TestsFact, TestsPlace } from "#core/facts/test-reports.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { figureKey, keepFigure, type Line, nearestFigure } from "./base-figure.ts";
import type { EvidenceContext } from "./evidence-cache.ts";
import { readTests } from "./read-tests.ts";

const number = z.number().int().min(0);
/** A number alone was kept before the names of reports were. */
const kept = z.union([
  z.object({ ran: number, reports: z.array(z.string()) }),
  number.transform((ran) => ({ ran, reports: null })),
]);
type Kept = z.output<typeof kept>;

const keyOf = (repository: RepositoryRecord, sha: string, { from }: TestsPlace): string =>
  figureKey("tests", repository, sha, from);

/** Keeps the count of a commit. */
export async function rememberTests(
  context: EvidenceContext,
  repository: RepositoryRecord,
  sha: string,
  place: TestsPlace,
  fact: TestsFact,
): Promise<void> {
  // A part that more may follow is no count of the commit.
  if (fact.kind !== "read" || fact.waiting.length + (fact.unexplained ?? []).length > 0) return;
  const figure: Kept = keptOf(fact);
  await keepFigure(context, keyOf(repository, sha, place), JSON.stringify(figure));
}

const keptOf = ({ ran, reports }: Extract<TestsFact, { kind: "read" }>) => ({
  ran,
  reports: [...reports],
});

/** How many cases ran on the merge base, or on the nearest ancestor on the base branch that has a report. */
export async function readBaseTests(
  context: EvidenceContext,
  repository: RepositoryRecord,
  line: Line,
  place: TestsPlace,
): Promise<{
  readonly ran: number;
  readonly sha: string;
  /** Names of its reports; null where they were not kept. */
  readonly reports: readonly string[] | null;
} | null> {
  const found = await nearestFigure(context, repository, line, {
    keyOf: (sha) => keyOf(repository, sha, place),
    parse: (text) => kept.safeParse(JSON.parse(text)).data,
    read: async (sha, artifacts) => {
      const fact = await readTests(context, repository, await artifacts(undefined), place, {
        isBase: true,
      });
      await rememberTests(context, repository, sha, place, fact);
      return fact.kind === "read" ? keptOf(fact) : null;
    },
  });
  return found === null ? null : { sha: found.sha, ...found.value };
}
