import { bypassReviewMs, reviewersOf, reviewWithin } from "#core/decide/owing-review.ts";
import type { RunningCause } from "#core/decide/running.ts";
import type { Actors } from "#core/model/actor.ts";
import type { Effect } from "#core/model/effect.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { TicketRow } from "#core/model/ticket.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { called } from "#core/render/review.ts";
import { fallenBody, fallenTitle, moreFallenWords, settledWords } from "#core/render/running.ts";
import { severities } from "#core/rules/kit/severities.ts";
import { parseDuration } from "#core/text/duration.ts";
import { instant } from "#core/text/time.ts";
import type { Deps } from "#flow/deps.ts";
import { contentHash } from "#flow/publish/content-hash.ts";
import { hashAt, sendEffect } from "#flow/publish/send-effect.ts";

/** What stands against a commit, by the environment in which it runs, and the way back from each. */
export type Fallen = ReadonlyMap<
  string,
  { readonly causes: readonly RunningCause[]; readonly lane: string }
>;

export const fallenKey = (sha: string): string => `running:${sha}`;

const loginShape = /^@?([A-Za-z0-9](?:-?[A-Za-z0-9]){0,38})$/;

/** Whose it is: who owned the waiver that ran out; else who is asked about findings of that severity; else who reviews. */
function ownersOf(policy: EffectivePolicy, causes: readonly RunningCause[]): Actors {
  const waivers = causes
    .flatMap(({ owners }) => owners)
    .flatMap((owner) => loginShape.exec(owner)?.[1] ?? []);
  if (waivers.length > 0) return { users: [...new Set(waivers)] };
  const assign = policy.tickets[severityOf(causes)]?.assign;
  if (assign !== undefined) return assign;
  const { users, teams } = reviewersOf(policy);
  return users.length + teams.length === 0 ? { roles: ["maintain"] } : { users, teams };
}

const severityOf = (causes: readonly RunningCause[]): RunningCause["severity"] =>
  severities.find((severity) => causes.some((cause) => cause.severity === severity)) ?? "critical";

function dueIn(policy: EffectivePolicy, causes: readonly RunningCause[]): number {
  const within = policy.tickets[severityOf(causes)]?.within;
  return (
    (within === undefined ? undefined : parseDuration(within)) ??
    Math.min(bypassReviewMs, reviewWithin(policy))
  );
}

const keysOf = (fallen: Fallen): readonly string[] =>
  [...fallen].flatMap(([environment, { causes }]) =>
    causes.flatMap(({ keys }) => keys.map((key) => `${environment.toLowerCase()} ${key}`)),
  );

const toldOf = ({ detail }: TicketRow): readonly string[] =>
  Array.isArray(detail["told"]) ? detail["told"].map(String) : [];

/** Whether the issue tells of what runs in one of the environments. */
export const speaksOf = (row: TicketRow, environments: readonly string[]): boolean =>
  environments.some((environment) =>
    toldOf(row).some((told) => told.startsWith(`${environment.toLowerCase()} `)),
  );

/** Keeps the one issue about a commit that runs and would not be let through any more. */
export function createFallenIssue(deps: Deps) {
  const { store, clock, log } = deps;

  const entry = (repository: RepositoryRecord, what: string, sha: string) => ({
    at: clock.now(),
    kind: "running",
    repository: repository.id,
    subject: null,
    actor: null,
    detail: { what, sha },
  });

  /** The row says what holds before GitHub is told: what follows is then known to be our own doing. */
  async function setState(
    lease: Lease,
    repository: RepositoryRecord,
    row: TicketRow & { readonly issue: number },
    state: "open" | "closed",
    comment: string | null,
    what: string,
  ): Promise<void> {
    const now = clock.now();
    const effect: Effect = {
      kind: "set_issue_state",
      key: `running-state:${repository.id}:${row.key}`,
      repository: repository.id,
      issue: row.issue,
      state,
      comment,
    };
    await sendEffect(deps, lease, repository, effect, {
      hash: hashAt(effect, now),
      audit: [entry(repository, what, row.key.slice(fallenKey("").length))],
    });
    await store.tickets.save({ ...row, state, closedAt: state === "closed" ? now : null });
  }

  async function comment(
    lease: Lease,
    repository: RepositoryRecord,
    { issue }: { readonly issue: number },
    body: string,
  ): Promise<void> {
    const name = contentHash(body).slice(0, 16);
    await sendEffect(deps, lease, repository, {
      kind: "comment",
      key: `running-more:${repository.id}:${issue}:${name}`,
      repository: repository.id,
      issue,
      body,
      marker: `<!-- gatehouse:running:${name} -->`,
    });
  }

  async function open(
    lease: Lease,
    repository: RepositoryRecord,
    policy: EffectivePolicy,
    sha: string,
    fallen: Fallen,
    known: TicketRow | null,
  ): Promise<number | null> {
    const now = clock.now();
    const causes = [...fallen.values()].flatMap((each) => each.causes);
    const owners = ownersOf(policy, causes);
    const dueAt = known?.dueAt ?? now + dueIn(policy, causes);
    const wanted: TicketRow = {
      repository: repository.id,
      key: fallenKey(sha),
      purpose: "running",
      issue: null,
      state: "wanted",
      openedAt: known?.openedAt ?? now,
      dueAt,
      closedAt: null,
      detail: { sha, told: keysOf(fallen) },
    };
    await store.tickets.save(wanted);
    const effect: Effect = {
      kind: "open_issue",
      key: `issue:${repository.id}:${fallenKey(sha)}`,
      repository: repository.id,
      title: fallenTitle(sha, [...fallen.keys()], causes),
      body: fallenBody(
        sha,
        new Map([...fallen].map(([environment, each]) => [environment, each.causes])),
        `${called(owners, repository.owner)}: see to it by ${instant(dueAt)}.`,
        [...fallen.values()].map(({ lane }) => lane),
      ),
      labels: policy.tickets[severityOf(causes)]?.labels ?? [],
      assignees: owners.users ?? [],
      marker: `<!-- gatehouse:running:${sha} -->`,
    };
    try {
      await sendEffect(deps, lease, repository, effect, {
        audit: known === null ? [entry(repository, "opened", sha)] : [],
      });
    } catch (error) {
      if (!(error instanceof GatehouseError) || error.code !== "unsupported") throw error;
      log.warn(
        { repository: `${repository.owner}/${repository.name}`, sha, reason: error.message },
        "what runs would not be let through any more, and no issue can be opened for it",
      );
      return null;
    }
    const issue = (await store.outbox.row(effect.key))?.remoteId ?? null;
    await store.tickets.save({ ...wanted, issue, state: issue === null ? "wanted" : "open" });
    return issue;
  }

  return {
    /** Makes sure that the issue is there and says everything; its number, null where there can be none. */
    keep: async (
      lease: Lease,
      repository: RepositoryRecord,
      policy: EffectivePolicy,
      sha: string,
      fallen: Fallen,
    ): Promise<number | null> => {
      const row = await store.tickets.row(repository.id, fallenKey(sha));
      if (row === null || row.issue === null)
        return open(lease, repository, policy, sha, fallen, row);
      const told = row.state === "closed" ? [] : toldOf(row);
      const isNews = (environment: string) => (key: string) =>
        !told.includes(`${environment.toLowerCase()} ${key}`);
      const more = [...fallen].flatMap(([environment, { causes }]) => {
        const fresh = causes.filter(({ keys }) => keys.some(isNews(environment)));
        return fresh.length === 0 ? [] : [moreFallenWords(environment, fresh)];
      });
      if (more.length === 0) return row.issue;
      const next = {
        ...row,
        issue: row.issue,
        detail: { ...row.detail, told: [...new Set([...told, ...keysOf(fallen)])] },
      };
      const said = more.join("\n\n");
      // Once it was mended it is opened again with these words; one that is open, or that a person closed, gets a comment.
      await setState(lease, repository, next, "open", row.state === "closed" ? said : null, "more");
      if (row.state !== "closed") await comment(lease, repository, next, said);
      return row.issue;
    },

    /** Nothing stands against the commit any more, it runs nowhere, or no rule looks at it any more. */
    settle: async (
      lease: Lease,
      repository: RepositoryRecord,
      row: TicketRow,
      why: keyof typeof settledWords,
    ): Promise<void> => {
      const { issue } = row;
      if (issue === null)
        return store.tickets.save({ ...row, state: "closed", closedAt: clock.now() });
      await setState(lease, repository, { ...row, issue }, "closed", settledWords[why], why);
    },
  };
}
