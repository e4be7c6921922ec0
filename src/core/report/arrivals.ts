import type { Change } from "./change.ts";
import type { Deployed } from "./deployed.ts";

/** A change that ran in an environment for the first time. */
export interface Arrival {
  readonly change: Change;
  readonly with: Deployed;
  readonly at: number;
}

/** What deployments to one environment brought. */
export interface Arrivals {
  readonly arrived: readonly Arrival[];
  /** Changes that arrived, nobody knows with which deployment: one of a commit that no pull request became came between. */
  readonly unclear: readonly Arrival[];
}

/** Which changes each successful deployment brought, by the order in which they were merged onto their branch. */
export function arrivalsIn(deployed: readonly Deployed[], changes: readonly Change[]): Arrivals {
  const branches = new Map<string, Change[]>();
  for (const change of changes.toSorted((a, b) => a.mergedAt - b.mergedAt))
    branches.set(change.baseRef, [...(branches.get(change.baseRef) ?? []), change]);
  const bySha = new Map(changes.map((change) => [change.sha, change]));
  /** How many changes of a branch are in the environment. */
  const reached = new Map<string, number>();
  const arrived: Arrival[] = [];
  const unclear: Arrival[] = [];
  let blurredAt: number | undefined;
  for (const each of deployed) {
    if (each.succeededAt === undefined || each.isRollback) continue;
    const change = bySha.get(each.sha);
    if (change === undefined) {
      blurredAt = each.askedAt;
      continue;
    }
    const branch = branches.get(change.baseRef) ?? [];
    const upTo = branch.indexOf(change) + 1;
    // Of a branch that nothing is known to have run of, only the commit itself is known to be new.
    const from = reached.get(change.baseRef) ?? upTo - 1;
    for (const brought of branch.slice(from, upTo)) {
      const isBlurred =
        blurredAt !== undefined && brought !== change && brought.mergedAt <= blurredAt;
      (isBlurred ? unclear : arrived).push({ change: brought, with: each, at: each.succeededAt });
    }
    reached.set(change.baseRef, Math.max(from, upTo));
    blurredAt = undefined;
  }
  return { arrived, unclear };
}
