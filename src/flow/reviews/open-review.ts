import { GatehouseError } from "#core/model/errors.ts";
import { reviewForm } from "#core/overrides/review-form.ts";
import { inert, link } from "#core/text/markdown.ts";
import { decisionPath, readDecisionId } from "#core/record/decision-address.ts";
import { instant } from "#core/text/time.ts";
import type { Deps } from "#flow/deps.ts";
import type { HandlerOf } from "#flow/jobs/define-job.ts";
import { done } from "#flow/jobs/outcome.ts";
import { type openReviewJob, type OwedReview, reviewIssueJob } from "#flow/jobs/review-jobs.ts";
import type { Published } from "#flow/publish/publish.ts";
import { tellWithoutIssue } from "./tell-without-issue.ts";
import { sendEffect } from "#flow/publish/send-effect.ts";

/** A moment for the answer to be given and recorded. */
export const afterAnswerMs = 5_000;

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
export function createReviewOpener(deps: Deps): HandlerOf<typeof openReviewJob> {
  const { store, clock, log } = deps;

  /** The page of what the gate had said, where it said anything and there are pages. */
  async function linkOf({ decision }: OwedReview): Promise<readonly string[]> {
    const named = decision === undefined ? null : readDecisionId(decision);
    if (deps.pagesAt === null || decision === undefined || named?.kind !== "newest") return [];
    if ((await store.records.lastDecision(named.subjectKey)) === null) return [];
    return [link("What the gate had decided", `${deps.pagesAt()}${decisionPath(decision)}`)];
  }

  return async ({ lease, payload: review, repository }) => {
    const known = await store.tickets.row(repository.id, review.key);
    // A command may have done it, where an issue could not be opened.
    if (known !== null && (known.issue !== null || known.state === "closed")) return done;
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
      detail: { ...review.detail, form: true },
    };
    await store.tickets.save(known ?? ticket);
    const key = `issue:${repository.id}:${review.key}`;
    const effect = {
      kind: "open_issue" as const,
      key,
      repository: repository.id,
      title: review.title,
      body: [review.body, ...(await linkOf(review)), reviewForm()].join("\n\n"),
      labels: [],
      assignees: review.assignees,
      marker: `<!-- gatehouse:review:${review.key} -->`,
    };
    const audit =
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
          ];
    let published: Published;
    try {
      published = await sendEffect(deps, lease, repository, effect, { audit });
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
      await tellWithoutIssue(deps, lease, repository, review);
      return done;
    }
    const opened = await store.outbox.row(key);
    await store.tickets.save({
      ...(known ?? ticket),
      issue: opened?.remoteId ?? null,
      state: (opened?.remoteId ?? null) === null ? "wanted" : "open",
    });
    // One that an earlier life of the store had opened may have been closed since.
    if (published === "adopted" && opened !== null && opened.remoteId !== null)
      await store.queue.mark([
        reviewIssueJob.item({ repository: repository.id, issue: opened.remoteId }, clock.now()),
      ]);
    return done;
  };
}
