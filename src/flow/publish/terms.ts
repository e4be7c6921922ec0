import type { Effect } from "#core/model/effect.ts";
import type { StopsHeard, Terms } from "#core/model/terms.ts";
import type { Deps } from "#flow/deps.ts";

type Heard = Pick<Deps, "clock"> & { readonly store: Pick<Deps["store"], "acts"> };

/** An approval that was about to be sent no longer holds; nothing was sent. */
export class TermsEnded extends Error {
  override readonly name = "TermsEnded";
}

export const termsOf = (effect: Effect): Terms | null =>
  (effect.kind === "check_run" || effect.kind === "deployment_review" ? effect.terms : undefined) ??
  null;

/** Counts the stopping acts recorded so far; called before the first fact is read. */
export async function stopsHeard(
  { store }: Pick<Heard, "store">,
  repository: number,
  pullRequests: StopsHeard["pullRequests"],
): Promise<StopsHeard> {
  const of = { repository, pullRequests };
  return { ...of, count: await store.acts.countStops(of) };
}

/** Whether its time is over, or a stopping act was recorded since. */
export async function haveEnded(
  { store, clock }: Heard,
  { until, heard }: Terms,
): Promise<boolean> {
  return (
    (until !== null && until <= clock.now()) || (await store.acts.countStops(heard)) !== heard.count
  );
}
