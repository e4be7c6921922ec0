import type { Effect } from "#core/model/effect.ts";
import type { AuditEntry } from "#core/ports/audit.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import { contentHash } from "./content-hash.ts";
import { publish, type Published } from "./publish.ts";

/** Records an effect that stands on no decision, with what the audit log says of it, and performs it. */
export async function sendEffect(
  deps: Deps,
  lease: Lease,
  repository: RepositoryRecord,
  effect: Effect,
  {
    hash = contentHash(effect),
    audit = [],
  }: { readonly hash?: string; readonly audit?: readonly AuditEntry[] } = {},
): Promise<Published> {
  await deps.store.ledger.record({ lease, decision: null, effects: [{ effect, hash }], audit });
  return publish(deps, lease, effect.key, repository);
}

/** The hash of an effect that is sent each time it is wanted: what it did may have been undone since. */
export const hashAt = (effect: Effect, at: number): string => contentHash({ effect, at });
