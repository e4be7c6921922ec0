import { z } from "zod";
import {
  readSnapshotWarning,
  type SnapshotWarning,
} from "#core/formats/findings/github/snapshot-warning.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { orAbsent } from "#io/github/client/or-absent.ts";
import { asRepository } from "#io/github/client/requests.ts";
import { firstParents } from "./ancestry.ts";
import { type EvidenceContext, placeKey } from "./evidence-cache.ts";

/** GitHub's dependency-review action reads the same header: the warning in Base64, left out where there is none. */
export const warningIn = (answer: {
  readonly header: (name: string) => string | undefined;
}): SnapshotWarning | null =>
  readSnapshotWarning(
    Buffer.from(
      answer.header("x-github-dependency-graph-snapshot-warnings") ?? "",
      "base64",
    ).toString("utf8"),
  );

/** The base and as many commits before it: not every commit changes what is submitted. */
const mostLookedAt = 3;
/** Who has submitted once is expected to submit for so long. */
const expectedMs = 90 * 24 * 3_600_000;

const keyOf = (repository: RepositoryRecord): string => `dependency-snapshots:${repository.id}`;

/** Remembers that somebody submits snapshots of this repository's dependencies. */
export async function noteSnapshots(
  { store, clock }: EvidenceContext,
  repository: RepositoryRecord,
): Promise<void> {
  await store.records.setValue(keyOf(repository), String(clock.now()));
}

/**
 * Whether snapshots of this repository's dependencies are submitted at all: GitHub warns of a missing one in repositories
 * of which nobody ever submitted any. Asked by comparing the base, and the commits before it, each with itself.
 */
export async function submitsSnapshots(
  context: EvidenceContext,
  repository: RepositoryRecord,
  baseSha: string,
): Promise<boolean> {
  const noted = await context.store.records.getValue(keyOf(repository));
  if (noted !== null && context.clock.now() - Number(noted) < expectedMs) return true;
  return context.caches.snapshots.get(`${placeKey(repository)}${baseSha}`, async () => {
    const line = (await firstParents(context, repository, baseSha)).slice(0, mostLookedAt);
    const seen = await Promise.all(line.map((sha) => hasSnapshot(context, repository, sha)));
    if (!seen.includes(true)) return line.length === 0;
    await noteSnapshots(context, repository);
    return true;
  });
}

/** A commit that cannot be compared is taken for one that has a snapshot: then the missing one is waited for. */
async function hasSnapshot(
  { github }: EvidenceContext,
  repository: RepositoryRecord,
  sha: string,
): Promise<boolean> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/dependency-graph/compare/{basehead}", {
    owner: repository.owner,
    repo: repository.name,
    basehead: `${sha}...${sha}`,
  });
  const answer = await orAbsent(github.rest(asRepository(repository), request, z.unknown()));
  return answer === null || warningIn(answer)?.kind !== "none";
}
