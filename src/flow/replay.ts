import { labels, pullRequest, text } from "../core/facts/pull-request.ts";
import type { Decision } from "../core/model/decision.ts";
import { GatehouseError } from "../core/model/errors.ts";
import { lookUp, type FactTable } from "../core/model/fact.ts";
import type { EffectivePolicy } from "../core/policy/effective.ts";
import { evaluate } from "../core/policy/evaluate.ts";
import { changedRules, type Impact, type ReplayedPullRequest } from "../core/policy/impact.ts";
import { wantedFacts } from "../core/policy/plan.ts";
import type { RepositoryRecord } from "../core/ports.ts";
import { budgeted, createCallBudget, type CallBudget } from "./budgeted-session.ts";
import type { House } from "./house.ts";
import { peopleInForce } from "./people-in-force.ts";
import { readFacts } from "./read-facts.ts";

/** Calls and time that one replay may take (issue budget: 50 pull requests within 60 s and 200 calls). */
const mostCalls = 190;
const mostMs = 55_000;
const sideBySide = 8;
const mostOpen = 50;
const mostKept = 500;

interface Wanted {
  readonly number: number;
  readonly headSha: string;
  readonly state: "open" | "merged";
  /** The instant it is judged at: now, or that of its merge (epoch ms). */
  readonly at: number;
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
export function createReplay(house: House): (input: ReplayInput) => Promise<Replay> {
  const kept = new Map<string, FactTable>();

  function keep(key: string, table: FactTable): void {
    kept.set(key, table);
    for (const oldest of kept.keys()) {
      if (kept.size <= mostKept) break;
      kept.delete(oldest);
    }
  }

  /** What both policies ask for. A merged head changes no more: what was read of it is kept. */
  async function read(wanted: Wanted, { repository, current, proposed }: ReplayInput, budget: CallBudget, paid: Set<string>): Promise<FactTable> {
    const subject = { kind: "pull_request" as const, repository: repository.id, number: wanted.number };
    const key = `${repository.id}:${wanted.number}:${wanted.headSha}`;
    const before = wanted.state === "merged" ? (kept.get(key) ?? new Map<string, never>()) : new Map<string, never>();
    const session = budgeted(house.facts.open(subject, repository), budget, paid);
    const fresh = await readFacts(session, (known) => {
      const all: FactTable = new Map([...before, ...known]);
      const wishes = [pullRequest.need(), text.need(), labels.need(), ...wantedFacts(proposed, subject, all, wanted.at), ...(current === null ? [] : wantedFacts(current, subject, all, wanted.at))];
      return wishes.filter((need) => !before.has(need.key));
    });
    const table: FactTable = new Map([...before, ...fresh]);
    if (wanted.state === "merged") keep(key, new Map([...table].filter(([, result]) => result.ok)));
    return table;
  }

  async function decide(policy: EffectivePolicy, wanted: Wanted, repository: RepositoryRecord, table: FactTable): Promise<Decision> {
    const standing = lookUp(table, labels.need());
    const people = await peopleInForce(house, policy, { repository: repository.id, number: wanted.number, headSha: wanted.headSha, labels: standing?.ok === true ? standing.value.map(({ name }) => name) : [], now: wanted.at });
    return evaluate({ policy, subject: { kind: "pull_request", repository: repository.id, number: wanted.number }, facts: table, now: wanted.at, holds: people.holds, overrides: people.overrides });
  }

  async function replayOne(wanted: Wanted, input: ReplayInput, table: FactTable): Promise<ReplayedPullRequest> {
    const after = await decide(input.proposed, wanted, input.repository, table);
    const before = input.current === null ? null : await decide(input.current, wanted, input.repository, table);
    const words = lookUp(table, text.need());
    return {
      number: wanted.number,
      title: words?.ok === true ? words.value.title : "",
      state: wanted.state,
      before: before?.kind ?? null,
      after: after.kind,
      rules: changedRules(before, after),
      partial: [...table.values()].some((result) => !result.ok),
    };
  }

  return async (input) => {
    const { repository, last } = input;
    const began = performance.now();
    const now = house.clock.now();
    const budget = createCallBudget(mostCalls);
    // The lists themselves: one page each in all but the busiest repositories.
    budget.take(3);
    const open = (await house.github.openPullRequests(repository)).toReversed().slice(0, mostOpen);
    const merged = await house.github.recentlyMerged(repository, last);
    const list: readonly Wanted[] = [...open.map((row) => ({ number: row.number, headSha: row.headSha, state: "open" as const, at: now })), ...merged.map((row) => ({ number: row.number, headSha: row.headSha, state: "merged" as const, at: row.mergedAt }))];
    const paid = new Set<string>();
    const replayed: ReplayedPullRequest[] = [];
    const tables: FactTable[] = [];
    const queue = [...list];
    let finished = 0;
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        if (performance.now() - began > mostMs || budget.spent() >= mostCalls) return;
        try {
          const table = await read(next, input, budget, paid);
          tables.push(table);
          replayed.push(await replayOne(next, input, table));
        } catch (error) {
          // Gone since it was listed: nothing to compare.
          if (!(error instanceof GatehouseError) || error.code !== "gone") throw error;
        }
        finished += 1;
        await input.onProgress?.(finished, list.length);
      }
    };
    await Promise.all(Array.from({ length: sideBySide }, work));
    return { impact: { replayed: replayed.sort((a, b) => b.number - a.number), leftOut: list.length - finished, calls: budget.spent() }, tables };
  };
}
