import { z } from "zod";
import type { Act } from "#core/model/act.ts";
import type { Actors, Person } from "#core/model/actor.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { OverEnd, OverrideRequest } from "#core/overrides/grant.ts";
import { reviewedOverride, reviewKey } from "#core/overrides/review-due.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { asking } from "#core/facts/read-table.ts";
import type { IssueSeen } from "#core/ports/github.ts";
import { priorities, type Lease, type WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { type TicketRow } from "#core/model/ticket.ts";
import { reopenedWords, unusedWords } from "#core/render/review.ts";
import { reviewersOf } from "#core/decide/owing-review.ts";
import { isAmong } from "#core/people/who-is-among.ts";
import { contentHash } from "#flow/publish/content-hash.ts";
import type { Deps } from "#flow/deps.ts";
import type { JudgedPullRequest } from "#flow/in-force/judged-pull-request.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { publish } from "#flow/publish/publish.ts";
import { readFacts } from "#flow/judge/read-facts.ts";
import { done, type Outcome } from "#flow/jobs/work.ts";

const ends: Readonly<Record<OverEnd, string>> = {
  pushed: "void by a push",
  cancelled: "taken back",
  expired: "run out",
  "label removed": "void without its label",
  "not in the policy": "not in the policy any more",
  used: "used up",
};

/** Reviews of overrides that ended before anything was merged with them: they owe nothing. */
export async function unusedReviewItems(
  deps: Deps,
  judged: JudgedPullRequest,
  requests: readonly OverrideRequest[],
): Promise<readonly WorkItem[]> {
  const items: WorkItem[] = [];
  for (const { act, state } of requests) {
    if (state.kind !== "over" || state.because === "used") continue;
    const ticket = await deps.store.tickets.row(judged.repository, reviewKey(act.id));
    if (ticket === null || ticket.state === "closed" || ticket.issue === null) continue;
    items.push({
      key: `review-unused:${judged.repository}:${ticket.issue}`,
      kind: "review-unused",
      payload: {
        repository: judged.repository,
        key: ticket.key,
        number: judged.number,
        because: ends[state.because],
      },
      priority: priorities.sweep,
      runAt: judged.now,
    });
  }
  return items;
}

async function setState(
  deps: Deps,
  lease: Lease,
  repository: RepositoryRecord,
  ticket: TicketRow & { readonly issue: number },
  state: "open" | "closed",
  comment: string,
): Promise<void> {
  const key = `issue-state:${repository.id}:${ticket.issue}`;
  const effect = {
    kind: "set_issue_state" as const,
    key,
    repository: repository.id,
    issue: ticket.issue,
    state,
    comment,
  };
  await deps.store.ledger.record({
    lease,
    decision: null,
    effects: [{ effect, hash: contentHash({ effect, at: deps.clock.now() }) }],
    audit: [],
  });
  await publish(deps, lease, key, repository);
}

/** Closes the review of an override that nothing went through with. */
export function createUnusedReviews(deps: Deps): (lease: Lease) => Promise<Outcome> {
  const { store, clock, github } = deps;
  return async (lease) => {
    const {
      repository: id,
      key,
      number,
      because,
    } = z
      .object({ repository: z.number(), key: z.string(), number: z.number(), because: z.string() })
      .parse(lease.payload);
    const repository = await store.records.repository(id);
    const ticket = await store.tickets.row(id, key);
    if (
      repository === null ||
      !repository.active ||
      repository.archived ||
      ticket === null ||
      ticket.issue === null ||
      ticket.state === "closed"
    )
      return done;
    // Merged meanwhile: then it may well have been with it.
    if ((await github.pullRequest(repository, number))?.state === "merged") return done;
    const now = clock.now();
    await store.tickets.save({
      ...ticket,
      state: "closed",
      closedAt: now,
      detail: { ...ticket.detail, outcome: "unused" },
    });
    await store.audit.append([
      {
        at: now,
        kind: "review",
        repository: id,
        subject: `pr:${id}:${number}`,
        actor: null,
        detail: { key, outcome: "unused", because },
      },
    ]);
    await setState(
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
): (lease: Lease) => Promise<Outcome> {
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
      await setState(
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

  return async (lease) => {
    const { repository: id, issue: number } = z
      .object({ repository: z.number(), issue: z.number() })
      .parse(lease.payload);
    const repository = await store.records.repository(id);
    const found = await store.tickets.byIssue(id, number);
    if (
      repository === null ||
      !repository.active ||
      repository.archived ||
      found === null ||
      found.purpose !== "review"
    )
      return done;
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
