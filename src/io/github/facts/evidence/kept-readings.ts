import { createHash } from "node:crypto";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { EvidenceContext } from "./evidence-cache.ts";
import type { Parsed } from "./parse-pool.ts";

/** Changes with the shape of what is kept: what another version kept is not understood. */
const version = 1;
/** More is not kept of one reading: a report with that much to say is read again from a new run. */
const mostCharacters = 64_000;

/** By the artifacts' ids and digests, which stand for their content, and what was asked of them. */
const keyOf = (repository: RepositoryRecord, reading: string): string =>
  `reading:${repository.id}:${createHash("sha256").update(reading).digest("hex").slice(0, 32)}`;

/** Keeps what was read of artifacts, good or bad: they expire, and their commit is judged for longer. */
export async function keepReading(
  { store }: EvidenceContext,
  repository: RepositoryRecord,
  reading: string,
  parsed: Parsed,
): Promise<void> {
  const text = JSON.stringify({ version, parsed });
  if (text.length <= mostCharacters) await store.records.setValue(keyOf(repository, reading), text);
}

/** What was read of exactly these artifacts before; null where nothing was kept. */
export async function keptReading(
  { store }: EvidenceContext,
  repository: RepositoryRecord,
  reading: string,
): Promise<Parsed | null> {
  const text = await store.records.getValue(keyOf(repository, reading));
  if (text === null) return null;
  const kept = JSON.parse(text) as { readonly version: number; readonly parsed: Parsed };
  return kept.version === version ? kept.parsed : null;
}
