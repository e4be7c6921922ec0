import { reviewersOf } from "#core/decide/owing-review.ts";
import { asking } from "#core/facts/read-table.ts";
import type { Act } from "#core/model/act.ts";
import type { Actors, Person } from "#core/model/actor.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { TicketRow } from "#core/model/ticket.ts";
import { reviewedOverride } from "#core/overrides/review-due.ts";
import { isAmong } from "#core/people/who-is-among.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { IssueSeen } from "#core/ports/github.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { reopenedWords } from "#core/render/review.ts";
import type { Deps } from "#flow/deps.ts";
import { readFacts } from "#flow/facts/read-facts.ts";
import type { HandlerOf } from "#flow/jobs/define-job.ts";
import { done } from "#flow/jobs/outcome.ts";
import type { reviewIssueJob } from "#flow/jobs/review-jobs.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { setReviewState } from "./set-review-state.ts";

/** Whose review it is: as the override says; of a bypass, the people of every override's review, else maintainers. */
function reviewersFor(ticket: TicketRow, policy: EffectivePolicy): Actors {
  const definition = policy.overrides.find(({ name }) => name === reviewedOverride(ticket));
  if (definition?.post_review !== undefined) return definition.post_review;
  const { users, teams } = reviewersOf(policy);
  return users.length + teams.length === 0 ? { roles: ["maintain"] } : { users, teams };
}

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

  async function closed(
    lease: Lease,
    repository: RepositoryRecord,
    ticket: TicketRow & { readonly issue: number },
    issue: IssueSeen,
    policy: EffectivePolicy,
  ): Promise<void> {
    const actors = reviewersFor(ticket, policy);
    const by = issue.closedBy;
    const now = clock.now();
    if (by === null || by.type !== "User" || !(await mayReview(repository, by, actors))) {
      await store.audit.append([
        {
          at: now,
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
      return;
    }
    const outcome = issue.stateReason === "not_planned" ? "not planned" : "completed";
    const isLate = ticket.dueAt !== null && now > ticket.dueAt;
    const entry = {
      at: now,
      kind: "review",
      repository: repository.id,
      subject: null,
      actor: by.login,
      detail: { key: ticket.key, issue: ticket.issue, outcome, late: isLate },
    };
    const act: Act = {
      id: `review:${repository.id}:${ticket.issue}:${issue.closedAt ?? now}`,
      kind: "review",
      repository: repository.id,
      pullRequest:
        typeof ticket.detail["pullRequest"] === "number" ? ticket.detail["pullRequest"] : null,
      environment: null,
      sha: typeof ticket.detail["sha"] === "string" ? ticket.detail["sha"] : null,
      name: reviewedOverride(ticket),
      actor: by,
      at: now,
      expiresAt: null,
      reason: outcome,
      detail: { key: ticket.key, issue: ticket.issue, outcome, late: isLate },
    };
    await store.acts.add(act, [entry]);
    await store.tickets.save({
      ...ticket,
      state: "closed",
      closedAt: now,
      detail: { ...ticket.detail, outcome, reviewedBy: by.login },
    });
  }

  return async ({ lease, payload: { issue: number }, repository }) => {
    const { id } = repository;
    const found = await store.tickets.byIssue(id, number);
    if (found === null || found.purpose !== "review") return done;
    const resolved = await policies.of(repository);
    if (resolved.kind !== "effective") return done;
    const issue = await github.issue(repository, number);
    if (issue === null) return done;
    const ticket = { ...found, issue: number };
    if (issue.state === "closed" && ticket.state !== "closed")
      await closed(lease, repository, ticket, issue, resolved.policy);
    else if (issue.state === "open" && ticket.state === "closed")
      await store.tickets.save({ ...ticket, state: "open", closedAt: null });
    return done;
  };
}
