import { z } from "zod";
import { GatehouseError } from "#core/model/errors.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import { priorities, type Lease, type WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { inert } from "#core/text/markdown.ts";
import { instant } from "#core/text/time.ts";
import { freezesPassedOwingReview, reviewersOf, reviewWithin } from "#core/decide/owing-review.ts";
import type { DeploymentAssessment } from "#flow/judge/deployment-assessment.ts";
import { contentHash } from "#flow/publish/content-hash.ts";
import type { Deps } from "#flow/deps.ts";
import { publish } from "#flow/publish/publish.ts";
import { done, type Outcome } from "#flow/jobs/work.ts";

const payloadSchema = z.object({
  repository: z.number(),
  key: z.string(),
  title: z.string(),
  body: z.string(),
  assignees: z.array(z.string()),
  dueAt: z.number(),
  detail: z.record(z.string(), z.unknown()),
  /** Only if this deployment was approved in the end; null: in any case. */
  onceApproved: z.object({ deploymentId: z.number(), environment: z.string() }).nullable(),
});

/** A review that somebody owes, as work in the queue. */
export type OwedReview = z.infer<typeof payloadSchema>;

/** A moment for the answer to be given and recorded. */
const afterAnswerMs = 5_000;

export const reviewItem = (review: OwedReview, runAt: number): WorkItem => ({
  key: `open-review:${review.repository}:${review.key}`,
  kind: "open-review",
  payload: review,
  priority: priorities.sweep,
  runAt,
});

/** Reviews owed for what lets this deployment pass: freezes that a label exempted it from. */
export function reviewItems(
  deps: Deps,
  repository: RepositoryRecord,
  subject: DeploymentSubject,
  assessed: DeploymentAssessment,
): readonly WorkItem[] {
  const { policy, facts, decision } = assessed;
  if (policy === null || decision === null) return [];
  const now = deps.clock.now();
  return freezesPassedOwingReview(policy, subject, facts, decision.now).map(
    ({ freeze, because }) => {
      const dueAt = now + reviewWithin(policy);
      return reviewItem(
        {
          repository: repository.id,
          key: `exempt:${subject.deploymentId}:${subject.environment}:${freeze}`,
          title: `Review: ${subject.sha.slice(0, 7)} went to ${subject.environment} during freeze ${freeze}`,
          body: [
            `${inert(subject.sha.slice(0, 7))} was deployed to ${inert(subject.environment)} although a freeze was on: ${inert(because, 600)}.`,
            reviewersText(reviewersOf(policy), repository.owner, dueAt),
          ].join("\n\n"),
          assignees: [...reviewersOf(policy).users],
          dueAt,
          detail: { environment: subject.environment, sha: subject.sha, freeze },
          onceApproved: { deploymentId: subject.deploymentId, environment: subject.environment },
        },
        now + afterAnswerMs,
      );
    },
  );
}

/** Who looks at it and until when; teams are named without being called. */
export function reviewersText(
  { users, teams }: { readonly users: readonly string[]; readonly teams: readonly string[] },
  owner: string,
  dueAt: number,
): string {
  const names = [
    ...teams.map((team) => (team.includes("/") ? team : `${owner}/${team}`)),
    ...users,
  ];
  const who =
    names.length === 0
      ? "A maintainer of the repository"
      : names.map((name) => inert(`@${name}`)).join(", ");
  return `${who} looks at it and closes this issue by ${instant(dueAt)}.`;
}

/** Opens the issue of an owed review, once. */
export function createReviewOpener(deps: Deps): (lease: Lease) => Promise<Outcome> {
  const { store, clock, log } = deps;
  return async (lease) => {
    const review = payloadSchema.parse(lease.payload);
    const repository = await store.records.repository(review.repository);
    if (repository === null || !repository.active || repository.archived) return done;
    const known = await store.tickets.row(repository.id, review.key);
    if (known !== null && known.issue !== null) return done;
    if (review.onceApproved !== null) {
      const row = await store.deployments.row(
        repository.id,
        review.onceApproved.deploymentId,
        review.onceApproved.environment,
      );
      // Not answered yet: the answer comes with its own review, if it is still owed then.
      if (row?.gateAnswer !== "approved")
        return row?.gateAnsweredAt === null
          ? {
              kind: "again",
              at: clock.now() + afterAnswerMs,
              reason: "the deployment is not answered yet",
            }
          : done;
    }
    const ticket = {
      repository: repository.id,
      key: review.key,
      purpose: "review" as const,
      issue: null,
      state: "wanted" as const,
      openedAt: clock.now(),
      dueAt: review.dueAt,
      closedAt: null,
      detail: review.detail,
    };
    await store.tickets.save(known ?? ticket);
    const key = `issue:${repository.id}:${review.key}`;
    const effect = {
      kind: "open_issue" as const,
      key,
      repository: repository.id,
      title: review.title,
      body: review.body,
      labels: [],
      assignees: review.assignees,
      marker: `<!-- gatehouse:review:${review.key} -->`,
    };
    await store.ledger.record({
      lease,
      decision: null,
      effects: [{ effect, hash: contentHash(effect) }],
      audit:
        known !== null
          ? []
          : [
              {
                at: clock.now(),
                kind: "review_owed",
                repository: repository.id,
                subject: null,
                actor: null,
                detail: { key: review.key, dueAt: review.dueAt, ...review.detail },
              },
            ],
    });
    try {
      await publish(deps, lease, key, repository);
    } catch (error) {
      if (!(error instanceof GatehouseError) || error.code !== "unsupported") throw error;
      log.warn(
        {
          repository: `${repository.owner}/${repository.name}`,
          review: review.key,
          reason: error.message,
        },
        "a review is owed, and no issue can be opened for it",
      );
      return done;
    }
    const opened = await store.outbox.row(key);
    await store.tickets.save({
      ...(known ?? ticket),
      issue: opened?.remoteId ?? null,
      state: (opened?.remoteId ?? null) === null ? "wanted" : "open",
    });
    return done;
  };
}
