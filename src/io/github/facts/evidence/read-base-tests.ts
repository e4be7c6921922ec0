import { z } from "zod";
import type { TestsFact, TestsPlace } from "#core/facts/test-reports.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { figureKey, keepFigure, type Line, nearestFigure } from "./base-figure.ts";
import type { EvidenceContext } from "./evidence-cache.ts";
import { readTests } from "./read-tests.ts";

const kept = z.coerce.number().int().min(0);

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
  await keepFigure(context, keyOf(repository, sha, place), String(fact.ran));
}

/** How many cases ran on the merge base, or on the nearest ancestor on the base branch that has a report. */
export async function readBaseTests(
  context: EvidenceContext,
  repository: RepositoryRecord,
  line: Line,
  place: TestsPlace,
): Promise<{ readonly ran: number; readonly sha: string } | null> {
  const found = await nearestFigure(context, repository, line, {
    keyOf: (sha) => keyOf(repository, sha, place),
    parse: (text) => kept.safeParse(text).data,
    read: async (sha, artifacts) => {
      const fact = await readTests(context, repository, await artifacts(undefined), place, true);
      await rememberTests(context, repository, sha, place, fact);
      return fact.kind === "read" ? fact.ran : null;
    },
  });
  return found === null ? null : { sha: found.sha, ran: found.value };
}
