import type { FactResult, FactTable, Need } from "../core/model/fact.ts";
import type { FactSession } from "../core/ports.ts";

/** Calls that may still be made, shared by all that is replayed at once. */
export interface CallBudget {
  readonly spent: () => number;
  readonly take: (calls: number) => boolean;
}

export function createCallBudget(most: number): CallBudget {
  let spent = 0;
  return {
    spent: () => spent,
    take: (calls) => {
      if (spent + calls > most) return false;
      spent += calls;
      return true;
    },
  };
}

/** Facts that one round trip answers together. */
const overview = new Set(["pull_request", "draft", "text", "labels", "files", "commits", "reviews", "review_threads", "linked_issues", "repository", "checks"]);
/** People are remembered across pull requests: the first to ask pays. */
const people = new Set(["team_members", "role", "account", "custom_properties", "codeowners"]);
const single = new Set(["pushers", "behind", "head_file", "labels_added", "calendar_file"]);
/** What else there is may take several: more is assumed than is likely. */
const several = 3;

const spentOut: FactResult<unknown> = { ok: false, code: "incomplete", message: "not read: the calls of this replay are spent" };

/** Reads within a budget of calls; what it does not allow is an unreadable fact, never a guess. */
export function budgeted(session: Pick<FactSession, "read">, budget: CallBudget, paid: Set<string>): Pick<FactSession, "read"> {
  let hasOverview = false;

  function affords(need: Need<unknown>): boolean {
    if (overview.has(need.fact)) {
      if (hasOverview) return true;
      hasOverview = budget.take(1);
      return hasOverview;
    }
    if (people.has(need.fact)) {
      if (paid.has(need.key)) return true;
      paid.add(need.key);
      return budget.take(1);
    }
    return budget.take(single.has(need.fact) ? 1 : several);
  }

  return {
    read: async (needs) => {
      const allowed = needs.filter(affords);
      const table = new Map<string, FactResult<unknown>>(await session.read(allowed));
      for (const need of needs) if (!table.has(need.key) && !allowed.includes(need)) table.set(need.key, spentOut);
      return table satisfies FactTable;
    },
  };
}
