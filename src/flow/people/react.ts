import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import { sendEffect } from "#flow/publish/send-effect.ts";

/** Puts a reaction on a comment, once. */
export async function react(
  deps: Deps,
  lease: Lease,
  repository: RepositoryRecord,
  comment: number,
  content: "eyes" | "rocket" | "confused",
): Promise<void> {
  const effect = {
    kind: "reaction" as const,
    key: `reaction:${repository.id}:${comment}:${content}`,
    repository: repository.id,
    commentId: comment,
    content,
  };
  await sendEffect(deps, lease, repository, effect);
}
