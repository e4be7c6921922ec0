import type { Commit, ObjectStore } from "./objects.ts";

/** Every commit reachable from `from`, itself included. */
export function ancestors(store: ObjectStore, from: string): Set<string> {
  const seen = new Set<string>();
  const open = [from];
  for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
    if (seen.has(sha)) continue;
    seen.add(sha);
    open.push(...(store.commits.get(sha)?.parents ?? []));
  }
  return seen;
}

export function isAncestor(store: ObjectStore, maybe: string, of: string): boolean {
  return maybe === of || ancestors(store, of).has(maybe);
}

/** A best common ancestor: one that no other common ancestor descends from. */
export function mergeBase(store: ObjectStore, a: string, b: string): string | null {
  const ofA = ancestors(store, a);
  if (ofA.has(b)) return b;
  const queue = [b];
  const seen = new Set<string>();
  const common: string[] = [];
  for (let sha = queue.shift(); sha !== undefined; sha = queue.shift()) {
    if (seen.has(sha)) continue;
    seen.add(sha);
    if (ofA.has(sha)) {
      common.push(sha);
      continue;
    }
    queue.push(...(store.commits.get(sha)?.parents ?? []));
  }
  return (
    common.find((sha) => !common.some((other) => other !== sha && isAncestor(store, sha, other))) ??
    null
  );
}

/** Commits reachable from `head` and not from `base`, oldest first, as `git log --topo-order --reverse base..head`. */
export function commitsBetween(store: ObjectStore, base: string, head: string): Commit[] {
  const known = ancestors(store, base);
  const order: Commit[] = [];
  const seen = new Set<string>();
  const stack: { readonly sha: string; readonly expanded: boolean }[] = [
    { sha: head, expanded: false },
  ];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const commit = store.commits.get(at.sha);
    if (commit === undefined || known.has(at.sha)) continue;
    if (at.expanded) {
      order.push(commit);
      continue;
    }
    if (seen.has(at.sha)) continue;
    seen.add(at.sha);
    stack.push({ sha: at.sha, expanded: true });
    for (const parent of [...commit.parents].reverse())
      stack.push({ sha: parent, expanded: false });
  }
  return order;
}

/** First-parent history with every side branch, newest first. */
export function log(store: ObjectStore, head: string, limit: number): Commit[] {
  const all = [...ancestors(store, head)].flatMap((sha) => store.commits.get(sha) ?? []);
  const depth = new Map<string, number>();
  const visit = (start: string): void => {
    const stack = [start];
    while (stack.length > 0) {
      const sha = stack[stack.length - 1] ?? start;
      const parents = store.commits.get(sha)?.parents ?? [];
      const missing = parents.filter((parent) => !depth.has(parent));
      if (missing.length > 0) {
        stack.push(...missing);
        continue;
      }
      depth.set(sha, 1 + Math.max(0, ...parents.map((parent) => depth.get(parent) ?? 0)));
      stack.pop();
    }
  };
  visit(head);
  all.sort(
    (a, b) =>
      (depth.get(b.sha) ?? 0) - (depth.get(a.sha) ?? 0) || b.committer.date - a.committer.date,
  );
  return all.slice(0, limit);
}
