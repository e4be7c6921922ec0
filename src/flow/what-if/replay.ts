import { labels, pullRequest, text } from "#core/facts/pull-request.ts";
import type { Decision } from "#core/model/decision.ts";
import { GatehouseError } from "#core/model/errors.ts";
import { lookUp, type FactTable, type Need } from "#core/model/fact.ts";
import type { PullRequestSubject } from "#core/model/subject.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { evaluate } from "#core/policy/evaluate.ts";
import {
  changedRules,
  withoutRules,
  type Impact,
  type ReplayedPullRequest,
} from "#core/policy/impact.ts";
import { unreadRules, wantedFacts } from "#core/policy/plan.ts";
import type { FactSession } from "#core/ports/facts.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { budgeted, createCallBudget, type CallBudget, type Reach } from "./call-budget.ts";
import type { Deps } from "#flow/deps.ts";
import { peopleInForce } from "#flow/in-force/people-in-force.ts";

/** Calls and time that one replay may take (50 pull requests take at most 60 s and 200 calls). */
const mostCalls = 180;
const mostMs = 55_000;
const sideBySide = 8;
const mostOpen = 50;
const mostKept = 500;
/** Rules ask in rounds; none needs more than this. */
const mostRounds = 8;

interface Wanted {
  readonly subject: PullRequestSubject;
  readonly headSha: string;
  readonly state: "open" | "merged";
  /** The instant it is judged at: now, or that of its merge (epoch ms). */
  readonly at: number;
  readonly session: FactSession;
  /** What is known of it so far; undefined: nothing was read. */
  table: FactTable | undefined;
}

export interface ReplayInput {
  readonly repository: RepositoryRecord;
  /** null: no policy judges now. */
  readonly current: EffectivePolicy | null;
  readonly proposed: EffectivePolicy;
  /** How many merged pull requests. */
  readonly last: number;
  readonly onProgress?: (done: number, all: number) => Promise<void>;
}

export interface Replay {
  readonly impact: Impact;
  /** The facts that were read, for questions about what is ever reported here. */
  readonly tables: readonly FactTable[];
}

/** Judges pull requests by two policies over the same facts: what a change of policy would do, before it counts. */
export function createReplay(deps: Deps): (input: ReplayInput) => Promise<Replay> {
  const kept = new Map<string, FactTable>();

  function keep(key: string, table: FactTable): void {
    kept.set(key, table);
    for (const oldest of kept.keys()) {
      if (kept.size <= mostKept) break;
      kept.delete(oldest);
    }
  }

  const keyOf = ({ subject, headSha }: Wanted): string =>
    `${subject.repository}:${subject.number}:${headSha}`;

  function factsToRead(
    { subject, at }: Wanted,
    { current, proposed }: ReplayInput,
    known: FactTable,
  ): readonly Need<unknown>[] {
    const all = [
      pullRequest.need(),
      text.need(),
      labels.need(),
      ...wantedFacts(proposed, subject, known, at),
      ...(current === null ? [] : wantedFacts(current, subject, known, at)),
    ];
    return [
      ...new Map(all.filter(({ key }) => !known.has(key)).map((need) => [need.key, need])).values(),
    ];
  }

  /** Reads what both policies ask for, as far as it is within reach. A merged head changes no more: what was read of it is kept. */
  async function read(
    wanted: Wanted,
    input: ReplayInput,
    session: Pick<FactSession, "read">,
  ): Promise<void> {
    let table: FactTable =
      wanted.table ??
      (wanted.state === "merged" ? kept.get(keyOf(wanted)) : undefined) ??
      new Map();
    for (let round = 0; round < mostRounds; round += 1) {
      const fresh = await session.read(factsToRead(wanted, input, table));
      if (fresh.size === 0) break;
      table = new Map([...table, ...fresh]);
    }
    wanted.table = table;
    if (wanted.state === "merged")
      keep(keyOf(wanted), new Map([...table].filter(([, result]) => result.ok)));
  }

  async function decide(
    policy: EffectivePolicy,
    wanted: Wanted,
    table: FactTable,
  ): Promise<Decision> {
    const { subject, headSha, at: now } = wanted;
    const labelsRead = lookUp(table, labels.need());
    const people = await peopleInForce(
      deps,
      policy,
      {
        repository: subject.repository,
        number: subject.number,
        headSha,
        labels: labelsRead?.ok === true ? labelsRead.value.map(({ name }) => name) : [],
        now,
      },
      null,
    );
    return evaluate({
      policy,
      subject,
      facts: table,
      now,
      holds: people.holds,
      overrides: people.overrides,
    });
  }

  /** Compared by the rules that could be replayed: one whose facts there were no calls for says nothing, on either side. */
  async function replayOne(
    wanted: Wanted,
    { current, proposed }: ReplayInput,
    table: FactTable,
  ): Promise<ReplayedPullRequest> {
    const { subject, at } = wanted;
    const unread = new Set([
      ...unreadRules(proposed, subject, table, at),
      ...(current === null ? [] : unreadRules(current, subject, table, at)),
    ]);
    const after = withoutRules(await decide(proposed, wanted, table), unread);
    const before =
      current === null ? null : withoutRules(await decide(current, wanted, table), unread);
    const words = lookUp(table, text.need());
    return {
      number: subject.number,
      title: words?.ok === true ? words.value.title : "",
      state: wanted.state,
      before: before?.kind ?? null,
      after: after.kind,
      rules: changedRules(before, after),
      notReplayed: [...unread],
      partial: [...table.values()].some((result) => !result.ok),
    };
  }

  /** Denied by both, whatever else there is to know. */
  const isSettled = ({ before, after }: ReplayedPullRequest): boolean =>
    before === "deny" && after === "deny";

  async function list(
    { repository, last }: ReplayInput,
    budget: CallBudget,
  ): Promise<readonly Wanted[]> {
    const now = deps.clock.now();
    const { answer, calls } = await deps.github.countingCalls(async () => ({
      open: (await deps.github.openPullRequests(repository))
        .toSorted((a, b) => b.number - a.number)
        .slice(0, mostOpen),
      merged: last === 0 ? [] : await deps.github.recentlyMerged(repository, last),
    }));
    budget.settle(0, calls);
    const wanted = (
      number: number,
      headSha: string,
      state: Wanted["state"],
      at: number,
    ): Wanted => {
      const subject = { kind: "pull_request" as const, repository: repository.id, number };
      return {
        subject,
        headSha,
        state,
        at,
        session: deps.facts.open(subject, repository),
        table: undefined,
      };
    };
    return [
      ...answer.open.map(({ number, headSha }) => wanted(number, headSha, "open", now)),
      ...answer.merged.map(({ number, headSha, mergedAt }) =>
        wanted(number, headSha, "merged", mergedAt),
      ),
    ];
  }

  return async (input) => {
    const began = performance.now();
    const budget = createCallBudget(mostCalls);
    const all = await list(input, budget);
    const paid = new Set<string>();
    const replayed = new Map<number, ReplayedPullRequest>();
    let unseen = all.length;
    let steps = 0;

    /** First what is cheap, of every pull request; then the rest, of as many as there are calls for, the newest first. */
    async function pass(reach: Reach): Promise<void> {
      const queue = all.filter(({ subject }) => reach === "cheap" || replayed.has(subject.number));
      const work = async (): Promise<void> => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
          if (performance.now() - began > mostMs) return;
          const { subject } = next;
          const known = replayed.get(subject.number);
          if (reach === "cheap") unseen -= 1;
          if (known === undefined || (known.notReplayed.length > 0 && !isSettled(known))) {
            try {
              await read(
                next,
                input,
                budgeted({
                  session: next.session,
                  github: deps.github,
                  budget,
                  paid,
                  reach,
                  kept: () => unseen,
                  hasOverview: reach === "all",
                }),
              );
              if (next.table !== undefined && next.table.has(pullRequest.need().key))
                replayed.set(subject.number, await replayOne(next, input, next.table));
            } catch (error) {
              // Gone since it was listed: nothing to compare.
              if (!(error instanceof GatehouseError) || error.code !== "gone") throw error;
            }
          }
          steps += 1;
          await input.onProgress?.(Math.ceil(steps / 2), all.length);
        }
      };
      await Promise.all(Array.from({ length: sideBySide }, work));
    }

    await pass("cheap");
    await pass("all");
    if (all.length > 0) await input.onProgress?.(all.length, all.length);
    const found = [...replayed.values()].sort((a, b) => b.number - a.number);
    return {
      impact: { replayed: found, leftOut: all.length - found.length, calls: budget.spent() },
      tables: all.flatMap(({ table }) => (table === undefined ? [] : [table])),
    };
  };
}
