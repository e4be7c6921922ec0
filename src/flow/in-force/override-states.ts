import { pullRequestKey } from "#core/model/subject.ts";
import type { OverrideRequest } from "#core/overrides/grant.ts";
import { isKeptByJudging } from "#core/overrides/request.ts";
import type { AuditEntry } from "#core/ports/audit.ts";
import type { Deps } from "#flow/deps.ts";

/**
 * What is void stays void, whatever comes back: a head, a base, a policy; what a lagging read says ends nothing. `requests`: of an
 * open pull request. Answers whether a button that was made meanwhile is outdated by it.
 */
export async function keepVoids(
  deps: Pick<Deps, "clock"> & { readonly store: Pick<Deps["store"], "acts"> },
  requests: readonly OverrideRequest[],
): Promise<boolean> {
  let isNews = false;
  for (const { act, state } of requests) {
    if (state.kind !== "over" || state.unproven === true || !isKeptByJudging(state.because))
      continue;
    const isNew = await deps.store.acts.add({
      ...act,
      id: `${act.id}:void`,
      kind: "override_cancel",
      at: Math.max(act.at, deps.clock.now()),
      reason: `void: ${state.because}`,
      detail: { override: act.id, because: state.because },
    });
    isNews ||= isNew;
  }
  return isNews && requests.some(({ state }) => state.kind === "waiting");
}

/**
 * Records, once each, that an override was granted (by its last confirmation) and that it ended, and why. Requests,
 * confirmations and withdrawals are recorded when they are made; ends by time and pushes are noticed here.
 */
export async function noteOverrideStates(
  deps: Deps,
  repository: number,
  requests: readonly OverrideRequest[],
): Promise<void> {
  for (const { act, state, confirmedBy } of requests) {
    if (state.kind === "waiting" || (state.kind === "over" && state.unproven === true)) continue;
    const about = {
      at: deps.clock.now(),
      repository,
      subject: act.pullRequest === null ? null : pullRequestKey(repository, act.pullRequest),
      actor: act.actor.login,
    };
    const said = {
      act: act.id,
      name: act.name,
      sha: act.sha,
      confirmedBy: confirmedBy.map(({ login }) => login),
    };
    const entry: AuditEntry =
      state.kind === "granted"
        ? {
            ...about,
            kind: "override_granted",
            detail: {
              ...said,
              rules: state.override.rules,
              reason: state.override.reason,
              ticket: state.override.ticket ?? null,
              grantedAt: state.override.grantedAt,
              expiresAt: state.override.expiresAt,
            },
          }
        : { ...about, kind: "override_over", detail: { ...said, because: state.because } };
    await deps.store.audit.appendOnce(
      `audit:${act.id}:${state.kind === "granted" ? "granted" : state.because}`,
      [entry],
    );
  }
}
