import { reviewersFor } from "#core/decide/owing-review.ts";
import { asking } from "#core/facts/read-table.ts";
import type { Act } from "#core/model/act.ts";
import type { Actors, Person } from "#core/model/actor.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { TicketRow } from "#core/model/ticket.ts";
import { reviewedOverride } from "#core/overrides/review-due.ts";
import { caughtBy, type ReviewAnswers, unanswered } from "#core/overrides/review-form.ts";
import { unseen } from "#core/overrides/review-place.ts";
import { isAmong } from "#core/people/who-is-among.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { IssueSeen } from "#core/ports/github.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { reopenedWords, unansweredWords } from "#core/render/review.ts";
import type { Deps } from "#flow/deps.ts";
import { readFacts } from "#flow/facts/read-facts.ts";
import type { HandlerOf } from "#flow/jobs/define-job.ts";
import { backOff, done, isGoneForGood, type Outcome } from "#flow/jobs/outcome.ts";
import type { reviewIssueJob } from "#flow/jobs/review-jobs.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { sendEffect } from "#flow/publish/send-effect.ts";
import { readAnswers } from "./read-answers.ts";
import { tellWithoutIssue } from "./tell-without-issue.ts";
import { setReviewState } from "./set-review-state.ts";

type Opened = TicketRow & { readonly issue: number };

/** The act that records a review; `id` tells apart several answers of one reviewer. */
function reviewAct(
  ticket: Opened,
  by: Person,
  at: number,
  id: string,
  detail: Readonly<Record<string, unknown>> & { readonly outcome: string },
): Act {
  const { pullRequest, sha } = ticket.detail;
  return {
    id: `review:${ticket.repository}:${ticket.issue}:${id}`,
    kind: "review",
    repository: ticket.repository,
    pullRequest: typeof pullRequest === "number" ? pullRequest : null,
    environment: null,
    sha: typeof sha === "string" ? sha : null,
    name: reviewedOverride(ticket),
    actor: by,
    at,
    expiresAt: null,
    reason: detail.outcome,
    detail,
  };
}

const namedIn = (answers: ReviewAnswers, policy: EffectivePolicy): readonly string[] =>
  caughtBy(
    answers,
    policy.rules.map(({ name }) => name),
  );

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** Looks at the issue of an owed review: closed by whose review it is, it is done; by anybody else, it is opened again. */
export function createReviewIssues(
  deps: Deps,
  policies: Policies,
): HandlerOf<typeof reviewIssueJob> {
  const { store, clock, github } = deps;

  async function mayReview(
    repository: RepositoryRecord,
    by: Person,
    actors: Actors,
  ): Promise<boolean> {
    const session = deps.facts.open(
      { kind: "pull_request", repository: repository.id, number: 0 },
      repository,
    );
    const run = (ask: Parameters<typeof isAmong>[3]): boolean | undefined =>
      isAmong({ person: by, canPush: null }, actors, repository.owner, ask);
    const table = await readFacts(session, (known) => asking(known, run).needs);
    const may = asking(table, run).answer;
    if (may === undefined)
      throw new GatehouseError("unavailable", `it cannot be told whether @${by.login} may review`);
    return may;
  }

  const answersIn = (
    repository: RepositoryRecord,
    ticket: Opened,
    actors: Actors,
  ): Promise<ReviewAnswers | null> =>
    readAnswers(deps, repository, ticket.issue, (person) => mayReview(repository, person, actors));

  async function refused(
    lease: Lease,
    repository: RepositoryRecord,
    ticket: Opened,
    by: Person | null,
    actors: Actors,
  ): Promise<void> {
    await store.audit.append([
      {
        at: clock.now(),
        kind: "review",
        repository: repository.id,
        subject: null,
        actor: by?.login ?? null,
        detail: { key: ticket.key, issue: ticket.issue, outcome: "refused" },
      },
    ]);
    await setReviewState(
      deps,
      lease,
      repository,
      ticket,
      "open",
      reopenedWords(by, actors, repository.owner),
    );
  }

  async function closed(
    lease: Lease,
    repository: RepositoryRecord,
    ticket: Opened,
    issue: IssueSeen,
    policy: EffectivePolicy,
  ): Promise<void> {
    const actors = reviewersFor(ticket, policy);
    const by = issue.closedBy;
    if (by === null || by.type !== "User" || !(await mayReview(repository, by, actors)))
      return refused(lease, repository, ticket, by, actors);
    const answers = (await answersIn(repository, ticket, actors)) ?? {};
    const now = clock.now();
    const outcome = issue.stateReason === "not_planned" ? "not planned" : "completed";
    const late = ticket.dueAt !== null && now > ticket.dueAt;
    const detail = {
      key: ticket.key,
      issue: ticket.issue,
      outcome,
      late,
      answers,
      caughtBy: namedIn(answers, policy),
    };
    const act = reviewAct(ticket, by, now, String(issue.closedAt ?? now), detail);
    await store.acts.add(act, [
      {
        at: now,
        kind: "review",
        repository: repository.id,
        subject: null,
        actor: by.login,
        detail,
      },
    ]);
    const open = unanswered(answers);
    // Before it is noted as done: what fails here is tried again.
    if (ticket.detail["form"] === true && open.length > 0)
      await sendEffect(deps, lease, repository, {
        kind: "comment",
        key: `review-questions:${repository.id}:${ticket.issue}`,
        repository: repository.id,
        issue: ticket.issue,
        body: unansweredWords(by.login, open),
        marker: "<!-- gatehouse:review-questions -->",
      });
    await store.tickets.change(ticket.repository, ticket.key, (stands) => ({
      ...(stands ?? ticket),
      state: "closed",
      closedAt: now,
      detail: {
        ...(stands ?? ticket).detail,
        outcome,
        reviewedBy: by.login,
        reviewedById: by.id,
        answers,
      },
    }));
  }

  /** Somebody wrote into a review that is done: what was left open may be answered now. */
  async function answered(
    repository: RepositoryRecord,
    ticket: Opened,
    policy: EffectivePolicy,
  ): Promise<void> {
    const { detail: known } = ticket;
    const outcome = textOf(known["outcome"]);
    // What nothing went through with was reviewed by nobody.
    if (outcome === "unused") return;
    const answers = await answersIn(repository, ticket, reviewersFor(ticket, policy));
    if (answers === null || JSON.stringify(answers) === JSON.stringify(known["answers"] ?? {}))
      return;
    const now = clock.now();
    const by: Person = {
      id: typeof known["reviewedById"] === "number" ? known["reviewedById"] : 0,
      login: textOf(known["reviewedBy"]),
      type: "User",
    };
    const detail = {
      key: ticket.key,
      issue: ticket.issue,
      outcome,
      answers,
      caughtBy: namedIn(answers, policy),
    };
    // It was reviewed when it was closed; what was answered since belongs to that.
    const act = reviewAct(ticket, by, ticket.closedAt ?? now, `answers:${now}`, detail);
    await store.acts.add(act, [
      {
        at: now,
        kind: "review",
        repository: repository.id,
        subject: null,
        actor: null,
        detail: { ...detail, outcome: "answers changed" },
      },
    ]);
    await store.tickets.change(ticket.repository, ticket.key, (stands) => ({
      ...(stands ?? ticket),
      detail: { ...(stands ?? ticket).detail, answers },
    }));
  }

  /** GitHub does not show the issue: once it has said so often enough, another way to review is told. */
  async function unseenIssue(
    lease: Lease,
    repository: RepositoryRecord,
    ticket: TicketRow,
  ): Promise<Outcome> {
    if (ticket.state === "closed" || ticket.detail[unseen] === true) return done;
    const { attempts } = lease;
    if (!isGoneForGood(lease))
      return {
        kind: "again",
        at: clock.now() + backOff(attempts, Math.random()),
        reason: "GitHub does not show the issue of the review",
      };
    await tellWithoutIssue(deps, lease, repository, { ...ticket, body: null });
    await noteSeen(ticket, false);
    return done;
  }

  async function noteSeen(ticket: TicketRow, isSeen: boolean): Promise<void> {
    await store.tickets.change(ticket.repository, ticket.key, (stands) =>
      stands === null || (stands.detail[unseen] !== true) === isSeen
        ? null
        : { ...stands, detail: { ...stands.detail, [unseen]: !isSeen } },
    );
  }

  return async ({ lease, payload: { issue: number }, repository }) => {
    const { id } = repository;
    const found = await store.tickets.byIssue(id, number);
    if (found === null || found.purpose !== "review") return done;
    const resolved = await policies.of(repository);
    if (resolved.kind !== "effective") return done;
    const issue = await github.issue(repository, number);
    if (issue === null) return unseenIssue(lease, repository, found);
    await noteSeen(found, true);
    const ticket = { ...found, issue: number };
    if (issue.state === "closed")
      await (ticket.state === "closed"
        ? answered(repository, ticket, resolved.policy)
        : closed(lease, repository, ticket, issue, resolved.policy));
    else if (ticket.state === "closed")
      await store.tickets.change(ticket.repository, ticket.key, (stands) => ({
        ...(stands ?? ticket),
        state: "open",
        closedAt: null,
      }));
    return done;
  };
}
