import { factNamed } from "#core/facts/index.ts";
import type { FactCost, FactTable, Need } from "#core/model/fact.ts";
import type { FactSession } from "#core/ports/facts.ts";
import type { GitHubReader } from "#core/ports/github.ts";

/** Calls that may still be made, shared by all that is replayed at once. What is begun is reserved; what it took is told afterwards. */
export interface CallBudget {
  readonly spent: () => number;
  /** Whether so many more calls fit, with `kept` left over. */
  readonly reserve: (calls: number, kept?: number) => boolean;
  readonly settle: (reserved: number, taken: number) => void;
}

export function createCallBudget(most: number): CallBudget {
  let spent = 0;
  let reserved = 0;
  return {
    spent: () => spent,
    reserve: (calls, kept = 0) => {
      if (calls > 0 && spent + reserved + calls + kept > most) return false;
      reserved += calls;
      return true;
    },
    settle: (before, taken) => {
      reserved -= before;
      spent += taken;
    },
  };
}

/** `cheap`: only what a call answers, or others have paid for. `all`: whatever there are calls for. */
export type Reach = "cheap" | "all";

export interface BudgetedReading {
  readonly session: Pick<FactSession, "read">;
  readonly github: Pick<GitHubReader, "countingCalls">;
  readonly budget: CallBudget;
  /** Shared facts that were asked for. */
  readonly paid: Set<string>;
  readonly reach: Reach;
  /** Calls to leave for others. */
  readonly kept: () => number;
  /** Whether the overview of this pull request was read before. */
  readonly hasOverview: boolean;
}

/** An undefined fact is never read and costs nothing. */
const costIn = (need: Need<unknown>): FactCost => factNamed(need.fact)?.cost ?? 0;

/** Reads within a budget of calls. Facts beyond it are left out of the answer, as unknown. */
export function budgeted(reading: BudgetedReading): Pick<FactSession, "read"> {
  const { session, github, budget, paid, reach, kept } = reading;
  let { hasOverview } = reading;

  /** What a need costs; null where it is out of reach. */
  function costOf(need: Need<unknown>): number | null {
    const cost = costIn(need);
    switch (cost) {
      case "overview":
        return hasOverview ? 0 : 1;
      case "shared":
        return paid.has(need.key) ? 0 : 1;
      case "single":
        return 1;
      default:
        return reach === "cheap" ? null : cost;
    }
  }

  function admit(needs: readonly Need<unknown>[]): {
    readonly allowed: readonly Need<unknown>[];
    readonly reserved: number;
  } {
    const allowed: Need<unknown>[] = [];
    let reserved = 0;
    for (const need of needs) {
      const cost = costOf(need);
      const kind = costIn(need);
      if (cost === null || !budget.reserve(cost, kind === "overview" ? 0 : kept())) continue;
      reserved += cost;
      allowed.push(need);
      if (kind === "overview") hasOverview = true;
      if (kind === "shared") paid.add(need.key);
    }
    return { allowed, reserved };
  }

  return {
    read: async (needs): Promise<FactTable> => {
      const { allowed, reserved } = admit(needs);
      let taken = 0;
      try {
        const { answer, calls } = await github.countingCalls(() => session.read(allowed));
        taken = calls;
        return answer;
      } finally {
        budget.settle(reserved, taken);
      }
    },
  };
}
