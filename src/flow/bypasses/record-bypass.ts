import { pullRequestKey } from "#core/model/subject.ts";
import { reviewersOf, reviewWithin } from "#core/decide/owing-review.ts";
import type { Act } from "#core/model/act.ts";
import type { Actors, Person } from "#core/model/actor.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import { openReviewJob } from "#flow/jobs/review-jobs.ts";

/** GitHub's placeholder account, used when it is unknown who bypassed the gate. */
export const somebody: Person = { id: 10137, login: "ghost", type: "User" };

export interface Bypass {
  readonly act: Act;
  /** For the log. */
  readonly message: string;
  readonly policy: EffectivePolicy;
  /** null: recorded, and nobody is asked to look. `detail` is kept with the issue. */
  readonly review: {
    readonly title: string;
    readonly body: (asked: { readonly review: Actors; readonly dueAt: number }) => string;
    readonly detail: Readonly<Record<string, unknown>>;
    /** What the gate had said of it. */
    readonly decision?: string | undefined;
  } | null;
}

/** Records a bypass once: act, audit record, log line, metric, and the review. */
export async function recordBypass(
  deps: Deps,
  repository: RepositoryRecord,
  { act, message, policy, review }: Bypass,
): Promise<void> {
  const { store, clock, log, meter } = deps;
  const now = clock.now();
  const how = String(act.detail["how"] ?? act.name);
  const subject = act.pullRequest === null ? null : pullRequestKey(repository.id, act.pullRequest);
  if (
    await store.acts.add(act, [
      {
        at: now,
        kind: "bypass",
        repository: repository.id,
        subject,
        actor: act.actor.login,
        detail: { act: act.id, sha: act.sha, reason: act.reason, ...act.detail },
      },
    ])
  ) {
    log.warn(
      {
        repository: `${repository.owner}/${repository.name}`,
        pullRequest: act.pullRequest,
        sha: act.sha,
        by: act.actor.login,
        how,
      },
      message,
    );
    meter.count("bypasses_total", { how });
  }
  if (review === null) return;
  // Also where the act is known: a crash may have come between it and the review, which is opened once.
  const { users, teams } = reviewersOf(policy);
  const asked: Actors =
    users.length + teams.length === 0 ? { roles: ["maintain"] } : { users, teams };
  const dueAt = now + reviewWithin(policy);
  await store.queue.mark([
    openReviewJob.item(
      {
        repository: repository.id,
        key: act.id,
        title: review.title,
        body: review.body({ review: asked, dueAt }),
        assignees: [...users],
        dueAt,
        detail: { ...review.detail, act: act.id },
        onceApproved: null,
        ...(review.decision === undefined ? {} : { decision: review.decision }),
      },
      now,
    ),
  ]);
}
