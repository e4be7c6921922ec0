import type { FactTable, Need } from "#core/model/fact.ts";
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

/** Facts that one round trip answers together. */
const overview = new Set([
  "pull_request",
  "draft",
  "text",
  "labels",
  "files",
  "commits",
  "reviews",
  "review_threads",
  "linked_issues",
  "repository",
  "checks",
]);
/** Remembered across pull requests: the first to ask pays. */
const shared = new Set([
  "team_members",
  "role",
  "account",
  "custom_properties",
  "codeowners",
  "calendar_file",
  "findings_dependabot",
  "findings_secret_scanning",
]);
/** One call each, and enough to judge most rules: asked of every pull request before anything dearer is asked of one. */
const single = new Set(["pushers", "behind", "head_file", "labels_added"]);
/** How many calls the others usually take: it decides what is begun; what it took is what counts. A rule that asks scanners asks all of them. */
const usual: ReadonlyMap<string, number> = new Map([
  ["findings_dependency_review", 1],
  ["licenses_added", 1],
  ["findings_code_scanning", 2],
  ["findings_artifacts", 2],
]);
const several = 3;

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

/** Reads within a budget of calls. What it does not allow is left out of the answer: nobody knows it, and nobody guesses. */
export function budgeted(reading: BudgetedReading): Pick<FactSession, "read"> {
  const { session, github, budget, paid, reach, kept } = reading;
  let { hasOverview } = reading;

  /** What a need costs; null where it is out of reach. */
  function costOf(need: Need<unknown>): number | null {
    if (overview.has(need.fact)) return hasOverview ? 0 : 1;
    if (shared.has(need.fact)) return paid.has(need.key) ? 0 : 1;
    if (single.has(need.fact)) return 1;
    return reach === "cheap" ? null : (usual.get(need.fact) ?? several);
  }

  function admit(needs: readonly Need<unknown>[]): {
    readonly allowed: readonly Need<unknown>[];
    readonly reserved: number;
  } {
    const allowed: Need<unknown>[] = [];
    let reserved = 0;
    for (const need of needs) {
      const cost = costOf(need);
      if (cost === null || !budget.reserve(cost, overview.has(need.fact) ? 0 : kept())) continue;
      reserved += cost;
      allowed.push(need);
      if (overview.has(need.fact)) hasOverview = true;
      if (shared.has(need.fact)) paid.add(need.key);
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
