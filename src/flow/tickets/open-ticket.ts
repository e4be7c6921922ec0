import { bySeverity } from "#core/formats/findings/finding.ts";
import type { Effect } from "#core/model/effect.ts";
import { GatehouseError, isTransient } from "#core/model/errors.ts";
import type { Event } from "#core/model/event.ts";
import type { TicketRow } from "#core/model/ticket.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { Lease, WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { renderTicket, ticketComments } from "#core/render/ticket.ts";
import { effectiveSeverity } from "#core/rules/findings/params.ts";
import { parseDuration } from "#core/text/duration.ts";
import { planTickets, type TicketStep } from "#core/tickets/plan.ts";
import { ticketKey } from "#core/tickets/ticket-key.ts";
import {
  branchFindings,
  ticketingRules,
  type BranchFindings,
  type TicketingRule,
} from "#core/tickets/ticketing-rules.ts";
import type { Deps } from "#flow/deps.ts";
import type { HandlerOf } from "#flow/jobs/define-job.ts";
import { done, type Outcome } from "#flow/jobs/outcome.ts";
import { ticketsJob } from "#flow/jobs/repository-jobs.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { contentHash } from "#flow/publish/content-hash.ts";
import type { Published } from "#flow/publish/publish.ts";
import { sendEffect } from "#flow/publish/send-effect.ts";
import { readBranch, withoutBaseline } from "./branch-findings.ts";
import { concernsDefaultBranch, noteIssue } from "./ticket-events.ts";

/** GitHub takes about 80 new things a minute from everybody together: tickets are opened a few at a time. */
const opensAtOnce = 20;
const moreAfterMs = 60_000;
/** More open tickets than this help nobody; the rest waits until some are closed. */
const mostOpen = 500;
const settleMs = 5_000;

/** Keeps one issue for each finding at ticket severity on the default branch: opened once, closed when the finding is gone. */
export interface TicketKeeper {
  /** Brings one repository's tickets in line. */
  readonly handle: HandlerOf<typeof ticketsJob>;
  /**
   * Takes note of an event (an issue of ours that a person closed) and answers the work it asks for: none where no rule in
   * force asks for tickets. To be asked after routing, which remembers the repository. Costs no call to GitHub.
   */
  readonly onEvent: (event: Event) => Promise<readonly WorkItem[]>;
}

export const ticketsItem = (repository: number, now: number): WorkItem => ({
  ...ticketsJob.item({ repository }, now + settleMs),
  settleMs,
  settleAtMost: 60_000,
});

/** What a policy says about tickets. */
interface Ruled {
  readonly tickets: EffectivePolicy["tickets"];
  readonly rules: readonly TicketingRule[];
}

export function createTicketKeeper(deps: Deps, policies: Policies): TicketKeeper {
  const { store, clock, log } = deps;

  /** What the policy asks for, nothing where there is none; null where it is broken: nobody can tell. */
  async function rulesOf(repository: RepositoryRecord): Promise<Ruled | null> {
    const resolved = await policies.of(repository);
    if (resolved.kind !== "effective")
      return resolved.kind === "broken" ? null : { tickets: {}, rules: [] };
    return { tickets: resolved.policy.tickets, rules: ticketingRules(resolved.policy) };
  }

  async function rowsFor(
    repository: RepositoryRecord,
    found: BranchFindings,
  ): Promise<ReadonlyMap<string, TicketRow>> {
    const rows = new Map(
      (await store.tickets.open(repository.id, "finding")).map((row) => [row.key, row]),
    );
    for (const { fingerprint } of found.wanted) {
      const key = ticketKey(fingerprint);
      const row = rows.has(key) ? null : await store.tickets.row(repository.id, key);
      if (row !== null) rows.set(key, row);
    }
    return rows;
  }

  async function send(
    lease: Lease,
    repository: RepositoryRecord,
    effect: Effect,
    hash: string,
    what: string | null,
  ): Promise<Published> {
    // A retry was recorded already when the ticket was wanted.
    const audit =
      what === null
        ? []
        : [
            {
              at: clock.now(),
              kind: "ticket",
              repository: repository.id,
              subject: effect.key,
              actor: null,
              detail: { what },
            },
          ];
    return sendEffect(deps, lease, repository, effect, { hash, audit });
  }

  async function openOne(
    lease: Lease,
    repository: RepositoryRecord,
    { tickets, rules }: Ruled,
    { finding, row }: Extract<TicketStep, { kind: "open" }>,
  ): Promise<void> {
    const now = clock.now();
    const severity = effectiveSeverity(finding, rules[0]?.asked ?? { unrated: "medium" });
    const config = tickets[finding.severity] ?? tickets[severity];
    const within = config?.within === undefined ? null : (parseDuration(config.within) ?? null);
    const openedAt = row?.openedAt ?? now;
    const dueAt = row === null ? (within === null ? null : now + within) : row.dueAt;
    const wanted: TicketRow = {
      repository: repository.id,
      key: ticketKey(finding.fingerprint),
      purpose: "finding",
      issue: null,
      state: "wanted",
      openedAt,
      dueAt,
      closedAt: null,
      detail: {
        source: finding.source,
        tool: finding.tool,
        severity,
        rule: finding.kind === "secret" ? "" : finding.rule,
      },
    };
    await store.tickets.save(wanted);
    const marker = `<!-- gatehouse:${ticketKey(finding.fingerprint)} -->`;
    const { title, body } = renderTicket(finding, {
      isPublic: !repository.private,
      teams: config?.assign?.teams ?? [],
      owner: repository.owner,
      branch: repository.defaultBranch,
      severity,
      dueAt,
      marker,
    });
    const effect: Effect = {
      kind: "open_issue",
      key: `ticket:${repository.id}:${finding.fingerprint}`,
      repository: repository.id,
      title,
      body,
      labels: config?.labels ?? [],
      assignees: config?.assign?.users ?? [],
      marker,
    };
    const published = await send(
      lease,
      repository,
      effect,
      contentHash(effect),
      row?.state === "wanted" ? null : "opened",
    );
    const issue = (await store.outbox.row(effect.key))?.remoteId ?? null;
    const opened = { ...wanted, issue, state: issue === null ? "wanted" : "open" } as const;
    await store.tickets.save(opened);
    if (published === "adopted") await catchUp(lease, repository, opened);
    log.info({ repository: `${repository.owner}/${repository.name}`, issue, severity }, "ticket");
  }

  /** A ticket that an earlier life of the store had opened: closed by a person, it stays closed; by us, the finding is back. */
  async function catchUp(
    lease: Lease,
    repository: RepositoryRecord,
    row: TicketRow,
  ): Promise<void> {
    if (row.issue === null) return;
    const seen = await deps.github.issue(repository, row.issue);
    if (seen?.state !== "closed") return;
    if (seen.closedBy?.type !== "User") await setState(lease, repository, row, "open", "back");
    else
      await store.tickets.save({
        ...row,
        closedAt: seen.closedAt ?? clock.now(),
        detail: { ...row.detail, closedByPerson: true },
      });
  }

  /** The row says what holds before GitHub is told: the event that follows is then known to be our own doing. */
  async function setState(
    lease: Lease,
    repository: RepositoryRecord,
    row: TicketRow,
    state: "open" | "closed",
    why: keyof typeof ticketComments,
  ): Promise<void> {
    if (row.issue === null) return;
    const now = clock.now();
    let isClosedByPerson = false;
    await store.tickets.change(row.repository, row.key, (stands) => {
      const before = stands ?? row;
      isClosedByPerson = before.detail["closedByPerson"] === true;
      return {
        ...before,
        state,
        closedAt: state === "closed" ? now : null,
        detail: { ...before.detail, closedByPerson: false },
      };
    });
    // A person closed it already, so there is nothing to close and nothing to comment.
    if (state === "closed" && isClosedByPerson) return;
    const effect: Effect = {
      kind: "set_issue_state",
      key: `ticket-state:${repository.id}:${row.key}`,
      repository: repository.id,
      issue: row.issue,
      state,
      comment: ticketComments[why],
    };
    await send(lease, repository, effect, contentHash({ effect, at: now }), why);
  }

  async function carryOut(
    lease: Lease,
    repository: RepositoryRecord,
    ruled: Ruled,
    steps: readonly TicketStep[],
    openNow: number,
  ): Promise<Outcome> {
    const opens = steps
      .filter((step) => step.kind === "open")
      .sort((a, b) => bySeverity(a.finding, b.finding));
    for (const step of steps) {
      if (step.kind === "close") await setState(lease, repository, step.row, "closed", step.why);
      else if (step.kind === "reopen") await setState(lease, repository, step.row, "open", "back");
    }
    const room = Math.max(0, mostOpen - openNow);
    for (const step of opens.slice(0, Math.min(opensAtOnce, room))) {
      try {
        await openOne(lease, repository, ruled, step);
      } catch (error) {
        if (!(error instanceof GatehouseError) || error.code !== "unsupported") throw error;
        log.warn(
          { repository: `${repository.owner}/${repository.name}`, reason: error.message },
          "no tickets can be opened",
        );
        await store.outbox.drop(`ticket:${repository.id}:${step.finding.fingerprint}`);
        return done;
      }
    }
    if (opens.length > room)
      log.warn(
        { repository: `${repository.owner}/${repository.name}`, waiting: opens.length - room },
        "more tickets are open than anybody reads; the rest waits",
      );
    return opens.length > opensAtOnce && room > opensAtOnce
      ? { kind: "done", wakeAt: clock.now() + moreAfterMs }
      : done;
  }

  return {
    handle: async ({ lease, repository }) => {
      const ruled = await rulesOf(repository);
      if (ruled === null) return done;
      // Where no rule asks any more there is only something to close.
      const table = await readBranch(deps, repository, ruled.rules);
      const found = await withoutBaseline(
        deps,
        repository,
        ruled.rules,
        branchFindings(ruled.rules, table, clock.now()),
      );
      const rows = await rowsFor(repository, found);
      const outcome = await carryOut(
        lease,
        repository,
        ruled,
        planTickets(found, rows),
        [...rows.values()].filter((row) => row.state !== "closed").length,
      );
      const trouble = [...table.values()].find((result) => !result.ok && isTransient(result.code));
      // Sources that could be read are settled; one that did not answer is asked again.
      return trouble?.ok === false && outcome.kind === "done" && outcome.wakeAt === null
        ? {
            kind: "again",
            at: Math.max(trouble.retryAt ?? 0, clock.now() + moreAfterMs),
            reason: trouble.message,
          }
        : outcome;
    },

    onEvent: async (event) => {
      if (
        event.repository === null ||
        !/^(?:push|issues|workflow_run|code_scanning_alert|dependabot_alert|secret_scanning_alert)\b/.test(
          event.name,
        )
      )
        return [];
      const repository = await store.records.repository(event.repository.id);
      if (repository === null || !repository.active || repository.archived) return [];
      await noteIssue(deps, event, repository);
      if (!(await concernsDefaultBranch(deps, event, repository))) return [];
      const known = await policies.known(repository);
      const item = ticketsItem(repository.id, clock.now());
      // Nobody knows whether a rule asks for tickets; if none does, nothing is worth waiting for.
      if (known === null) return [{ ...item, runAt: clock.now() }];
      return known.kind === "effective" && ticketingRules(known.policy).length > 0 ? [item] : [];
    },
  };
}
