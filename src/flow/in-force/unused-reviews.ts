import type { OverEnd, OverrideRequest } from "#core/overrides/grant.ts";
import { reviewKey } from "#core/overrides/review-due.ts";
import type { WorkItem } from "#core/ports/queue.ts";
import type { Deps } from "#flow/deps.ts";
import { reviewUnusedJob } from "#flow/jobs/review-jobs.ts";
import { hasLetThrough } from "./used-overrides.ts";
import type { JudgedPullRequest } from "./judged-pull-request.ts";

const ends: Readonly<Record<OverEnd, string>> = {
  pushed: "void by a push",
  retargeted: "void with another base",
  cancelled: "taken back",
  expired: "run out",
  "label removed": "void without its label",
  "not in the policy": "not in the policy any more",
  used: "used up",
};

/** Reviews of overrides that ended before anything was merged or deployed with them: they owe nothing. */
export async function unusedReviewItems(
  deps: Deps,
  judged: JudgedPullRequest,
  requests: readonly OverrideRequest[],
): Promise<readonly WorkItem[]> {
  const items: WorkItem[] = [];
  for (const { act, state } of requests) {
    if (state.kind !== "over" || state.because === "used") continue;
    const ticket = await deps.store.tickets.row(judged.repository, reviewKey(act.id));
    if (ticket === null || ticket.state === "closed" || ticket.issue === null) continue;
    // It let a deployment through, so its review is still owed after a push, another base or its expiry.
    if (await hasLetThrough(deps, act.id)) continue;
    items.push(
      reviewUnusedJob.item(
        {
          repository: judged.repository,
          key: ticket.key,
          number: judged.number,
          because: ends[state.because],
        },
        judged.now,
        String(ticket.issue),
      ),
    );
  }
  return items;
}
