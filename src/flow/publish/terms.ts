import type { Effect } from "#core/model/effect.ts";
import type { StopsHeard, Terms } from "#core/model/terms.ts";
import type { Deps } from "#flow/deps.ts";

type Heard = Pick<Deps, "clock"> & { readonly store: Pick<Deps["store"], "acts"> };

/** A yes that was about to leave is not true any more; nothing was sent. */
export class TermsEnded extends Error {
  override readonly name = "TermsEnded";
}

export const termsOf = (effect: Effect): Terms | null =>
  (effect.kind === "check_run" || effect.kind === "deployment_review" ? effect.terms : undefined) ??
  null;

/** What people had said by now that stops; asked before the first fact is read. */
export async function stopsHeard(
  { store }: Pick<Heard, "store">,
  repository: number,
  pullRequests: StopsHeard["pullRequests"],
): Promise<StopsHeard> {
  const of = { repository, pullRequests };
  return { ...of, count: await store.acts.countStops(of) };
}

/** Whether its time is over, or people said something that stops since. */
export async function haveEnded(
  { store, clock }: Heard,
  { until, heard }: Terms,
): Promise<boolean> {
  return (
    (until !== null && until <= clock.now()) || (await store.acts.countStops(heard)) !== heard.count
  );
}
