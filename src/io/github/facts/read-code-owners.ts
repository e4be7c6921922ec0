import { z } from "zod";
import type { CodeOwnersFact } from "#core/facts/reviews.ts";
import type { PullRequestFact } from "#core/facts/pull-request.ts";
import { part } from "../client/connection.ts";
import { baseTipOf } from "./base-tip.ts";
import type { ExpiringCache } from "./expiring-cache.ts";
import { codeOwnersPaths } from "./overview-query.ts";
import { readText } from "../read/contents.ts";
import type { SubjectSource } from "./subject-source.ts";

export type CodeOwnersCache = ExpiringCache<CodeOwnersFact | null>;

const defaultBranch = z.object({ defaultBranchRef: z.object({ name: z.string() }) });

/** The first place that holds a file wins, as GitHub has it. */
async function firstPlace(
  source: SubjectSource,
  ref: string,
  absent: readonly boolean[],
): Promise<CodeOwnersFact | null> {
  for (const [index, path] of codeOwnersPaths.entries()) {
    if (absent[index] === true) continue;
    const found = await readText(source.github, source.repository, path, ref);
    if (found !== null) return { path, text: found.text };
  }
  return null;
}

/**
 * CODEOWNERS of the base branch. The overview shows the blobs of the default branch for free: while these are the same,
 * or while the base branch has not moved, the text in memory serves.
 */
export async function readCodeOwners(
  source: SubjectSource,
  base: Pick<PullRequestFact, "baseRef" | "directBaseRef">,
  cache: CodeOwnersCache,
): Promise<CodeOwnersFact | null> {
  const { baseRef } = base;
  const overview = await source.overview();
  // The overview shows the tip of its own base, which is not the branch whose owners are asked where a stack names another.
  const tip = base.directBaseRef === undefined ? baseTipOf(overview) : undefined;
  const isDefault = part(defaultBranch, overview?.repository)?.defaultBranchRef.name === baseRef;
  const blobs = isDefault ? overview?.ownersBlobs : undefined;
  const place = `${source.repository.installationId}:${source.repository.id}`;
  if (blobs !== undefined) {
    if (blobs.every((blob) => blob === null)) return null;
    const read = () =>
      firstPlace(
        source,
        baseRef,
        blobs.map((blob) => blob === null),
      );
    return cache.get(`${place}:blobs:${blobs.join()}`, read);
  }
  const read = () => firstPlace(source, baseRef, []);
  return tip === undefined ? read() : cache.get(`${place}:tip:${tip}`, read);
}
