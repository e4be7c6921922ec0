import type { Person } from "#core/model/actor.ts";
import type { PushSeen } from "#core/model/push.ts";

/** Where the pushes to a pull request's head are kept: those of forks reach us only as its `synchronize`. */
export const headRefOf = (number: number): string => `refs/pull/${number}/head`;

export interface Pushed {
  readonly people: readonly Person[];
  /** Every push that brought what the head holds is known, with who made it. */
  readonly complete: boolean;
}

/**
 * Who brought `head` to where it is, by the pushes that were heard: back from the head, push by push, to where the
 * branch was made or a plain push left commits that are not the pull request's own. Deliveries come in any order and may
 * be lost: a gap makes the answer incomplete. Who brought nobody's work (a clean merge of the base) had no hand in it, nor
 * had who restored the branch at a commit that was pushed to it before.
 */
export function whoPushed(
  pushes: readonly PushSeen[],
  commits: ReadonlySet<string>,
  head: string,
  isNobodysWork: (push: PushSeen) => boolean = () => false,
): Pushed {
  const people = new Map<number, Person>();
  const seen = new Set<string>();
  const open: { readonly sha: string; readonly forced: boolean }[] = [{ sha: head, forced: false }];
  let complete = true;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { sha, forced } = at;
    if (seen.has(`${sha} ${forced}`)) continue;
    seen.add(`${sha} ${forced}`);
    const brought = pushes.filter((push) => push.after === sha);
    if (brought.length === 0) complete = false;
    for (const push of brought) {
      if (isNobodysWork(push) || isRestored(push, brought)) {
        if (push.before !== null) open.push({ sha: push.before, forced });
        continue;
      }
      if (push.by !== null) people.set(push.by.id, push.by);
      else if (push.kind !== "first_seen") complete = false;
      if (push.kind === "creation" || push.kind === "first_seen") continue;
      // Behind a force-push it cannot be told what survived of what was there: everything counts.
      const isForced = forced || push.kind === "force_push";
      if (!isForced && !commits.has(push.before ?? "")) continue;
      if (push.before === null) complete = false;
      else open.push({ sha: push.before, forced: isForced });
    }
  }
  return { people: [...people.values()], complete };
}

/** A branch that is made at a commit that it was at before brings nothing. */
const isRestored = (push: PushSeen, toTheSame: readonly PushSeen[]): boolean =>
  push.kind === "creation" &&
  toTheSame.some((other) => other.ref === push.ref && other.at < push.at);
