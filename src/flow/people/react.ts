import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { contentHash } from "#flow/publish/content-hash.ts";
import type { Deps } from "#flow/deps.ts";
import { publish } from "#flow/publish/publish.ts";

/** Puts a reaction on a comment, once. */
export async function react(
  deps: Deps,
  lease: Lease,
  repository: RepositoryRecord,
  comment: number,
  content: "eyes" | "rocket" | "confused",
): Promise<void> {
  const key = `reaction:${repository.id}:${comment}:${content}`;
  const effect = {
    kind: "reaction" as const,
    key,
    repository: repository.id,
    commentId: comment,
    content,
  };
  await deps.store.ledger.record({
    lease,
    decision: null,
    effects: [{ effect, hash: contentHash(effect) }],
    audit: [],
  });
  await publish(deps, lease, key, repository);
}
