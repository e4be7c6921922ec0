import { watchesRunning } from "#core/decide/running.ts";
import type { TicketRow } from "#core/model/ticket.ts";
import type { WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { ticketingRules } from "#core/tickets/ticketing-rules.ts";
import type { Deps } from "#flow/deps.ts";
import type { ResolvedPolicy } from "#flow/policy/policies.ts";
import { runningItem } from "#flow/running/watch-running.ts";
import { ticketsItem } from "#flow/tickets/open-ticket.ts";

/**
 * The work on issues about findings and about what runs. What was opened for a rule that asks no more is closed all the
 * same; under a broken policy nobody can tell what is asked.
 */
export async function issueItems(
  { store, clock }: Deps,
  repository: RepositoryRecord,
  resolved: ResolvedPolicy,
): Promise<readonly WorkItem[]> {
  if (resolved.kind === "broken") return [];
  const policy = resolved.kind === "effective" ? resolved.policy : { rules: [] };
  const has = async (purpose: TicketRow["purpose"]): Promise<boolean> =>
    (await store.tickets.open(repository.id, purpose)).length > 0;
  const now = clock.now();
  const items: WorkItem[] = [];
  // A finding may have come, or gone, without a word, or be older than the gate.
  if (ticketingRules(policy).length > 0 || (await has("finding")))
    items.push(ticketsItem(repository.id, now));
  // An attestation is withdrawn without a word.
  if (watchesRunning(policy) || (await has("running"))) items.push(runningItem(repository.id, now));
  return items;
}
