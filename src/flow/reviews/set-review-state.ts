import type { TicketRow } from "#core/model/ticket.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import { hashAt, sendEffect } from "#flow/publish/send-effect.ts";

/** Opens or closes the issue of a review, and says why. */
export async function setReviewState(
  deps: Deps,
  lease: Lease,
  repository: RepositoryRecord,
  { issue }: TicketRow & { readonly issue: number },
  state: "open" | "closed",
  comment: string,
): Promise<void> {
  const effect = {
    kind: "set_issue_state" as const,
    key: `issue-state:${repository.id}:${issue}`,
    repository: repository.id,
    issue,
    state,
    comment,
  };
  await sendEffect(deps, lease, repository, effect, { hash: hashAt(effect, deps.clock.now()) });
}
