import { pullRequestKey } from "#core/model/subject.ts";
import { unusedWords } from "#core/render/review.ts";
import type { Deps } from "#flow/deps.ts";
import type { HandlerOf } from "#flow/jobs/define-job.ts";
import { done } from "#flow/jobs/outcome.ts";
import type { reviewUnusedJob } from "#flow/jobs/review-jobs.ts";
import { setReviewState } from "./set-review-state.ts";

/** Closes the review of an override that nothing went through with. */
export function createUnusedReviews(deps: Deps): HandlerOf<typeof reviewUnusedJob> {
  const { store, clock, github } = deps;
  return async ({ lease, payload: { key, number, because }, repository }) => {
    const { id } = repository;
    const ticket = await store.tickets.row(id, key);
    if (ticket === null || ticket.issue === null || ticket.state === "closed") return done;
    // Merged meanwhile, possibly with the override.
    if ((await github.pullRequest(repository, number))?.state === "merged") return done;
    const now = clock.now();
    let isNews = false;
    await store.tickets.change(id, key, (before) => {
      // Reviewed meanwhile, so it is done.
      isNews = before !== null && before.state !== "closed";
      return before === null || !isNews
        ? null
        : {
            ...before,
            state: "closed",
            closedAt: now,
            detail: { ...before.detail, outcome: "unused" },
          };
    });
    if (!isNews) return done;
    await store.audit.append([
      {
        at: now,
        kind: "review",
        repository: id,
        subject: pullRequestKey(id, number),
        actor: null,
        detail: { key, outcome: "unused", because },
      },
    ]);
    await setReviewState(
      deps,
      lease,
      repository,
      { ...ticket, issue: ticket.issue },
      "closed",
      unusedWords(because),
    );
    return done;
  };
}
