import { createHash } from "node:crypto";
import { z } from "zod";
import { branchRef } from "#core/facts/run-origin.ts";
import type { TestsFact, TestsPlace } from "#core/facts/test-reports.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { nearestWith } from "./ancestry.ts";
import { commitArtifacts } from "./commit-artifacts.ts";
import { type Change, type EvidenceContext, placeKey } from "./evidence-cache.ts";
import { readTests } from "./read-tests.ts";

const kept = z.coerce.number().int().min(0);

const keyOf = (repository: RepositoryRecord, sha: string, { from }: TestsPlace): string =>
  `tests:${repository.id}:${sha}:${createHash("sha256")
    .update(JSON.stringify(from))
    .digest("hex")
    .slice(0, 12)}`;

/** Remembers a count by commit, so that it costs no call once the commit is on the base branch. */
export async function rememberTests(
  { store }: EvidenceContext,
  repository: RepositoryRecord,
  sha: string,
  place: TestsPlace,
  fact: TestsFact,
): Promise<void> {
  // A part that more may follow is no count of the commit.
  if (fact.kind !== "read" || fact.waiting.length > 0) return;
  const key = keyOf(repository, sha, place);
  if ((await store.records.getValue(key)) !== String(fact.ran))
    await store.records.setValue(key, String(fact.ran));
}

/** How many cases ran on the merge base, or on the nearest ancestor on the base branch that has a report. */
export async function readBaseTests(
  context: EvidenceContext,
  repository: RepositoryRecord,
  change: Change,
  place: TestsPlace,
): Promise<{ readonly ran: number; readonly sha: string } | null> {
  const { unmeasured } = context.caches;
  const noteKey = (sha: string): string =>
    `${placeKey(repository)}${keyOf(repository, sha, place)}`;
  const found = await nearestWith(
    context,
    { repository, mergeBase: await change.mergeBase(), branch: await change.baseRef() },
    async (sha) => {
      const text = await context.store.records.getValue(keyOf(repository, sha, place));
      const known = text === null ? undefined : kept.safeParse(text).data;
      return known ?? (unmeasured.get(noteKey(sha)) === undefined ? undefined : null);
    },
    async (sha) => {
      const artifacts = await commitArtifacts(context, repository, sha, async () => ({
        refs: new Set([branchRef(await change.baseRef())]),
        base: null,
        asking: null,
      }))(undefined);
      const fact = await readTests(context, repository, artifacts, place).catch(expired);
      await rememberTests(context, repository, sha, place, fact);
      if (fact.kind === "read") return fact.ran;
      unmeasured.put(noteKey(sha), "no report");
      return null;
    },
  );
  return found === null ? null : { sha: found.sha, ran: found.value };
}

/** Where the reports of a base have expired, an earlier one will do. */
function expired(error: unknown): TestsFact {
  if (error instanceof GatehouseError && error.code === "incomplete")
    return { kind: "absent", waiting: [], ignored: [] };
  throw error;
}
