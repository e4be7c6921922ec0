import type { Act } from "#core/model/act.ts";
import type { Deps } from "#flow/deps.ts";

/** Reviews that a command did are done: their tickets are closed, so that they stand in the way of nothing. */
export async function closeReviewed(
  { store, clock }: Pick<Deps, "store" | "clock">,
  acts: readonly Act[],
): Promise<void> {
  for (const { kind, repository, actor, detail } of acts) {
    const { key, outcome } = detail;
    if (kind !== "review" || typeof key !== "string") continue;
    await store.tickets.change(repository, key, (before) =>
      before === null || before.state === "closed"
        ? null
        : {
            ...before,
            state: "closed",
            closedAt: clock.now(),
            detail: {
              ...before.detail,
              outcome,
              reviewedBy: actor.login,
              reviewedById: actor.id,
              answers: {},
            },
          },
    );
  }
}
