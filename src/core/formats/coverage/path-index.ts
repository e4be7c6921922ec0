/** Paths of a repository as a trie of their segments from the last to the first: how a suffix is found in one walk. */
export type PathIndex = { readonly paths: ReadonlySet<string>; readonly root: SuffixNode };

/** `path` is set where a whole path ends; `below` counts the paths that end in the suffix that leads here. */
export type SuffixNode = {
  readonly next: Map<string, SuffixNode>;
  path: string | undefined;
  below: number;
};

/** Indexes repository paths; give all of the repository's where they are known, else the changed ones. */
export function indexPaths(paths: Iterable<string>): PathIndex {
  const known = new Set(paths);
  const root = newNode();
  for (const path of known) {
    const segments = path.split("/");
    let node = root;
    for (let i = segments.length - 1; i >= 0; i -= 1) {
      const segment = segments[i] ?? "";
      const next = node.next.get(segment) ?? newNode();
      node.next.set(segment, next);
      next.below += 1;
      node = next;
    }
    node.path = path;
  }
  return { paths: known, root };
}

/** What a walk along a path's segments, last first, met: whole repository paths on the way, and where it ended. */
export type SuffixWalk = {
  readonly whole: readonly string[];
  readonly node: SuffixNode;
  readonly depth: number;
};

export function walkSuffix(index: PathIndex, segments: readonly string[]): SuffixWalk {
  const whole: string[] = [];
  let node = index.root;
  let depth = 0;
  for (let i = segments.length - 1; i >= 0; i -= 1) {
    const next = node.next.get(segments[i] ?? "");
    if (next === undefined) break;
    node = next;
    depth += 1;
    if (node.path !== undefined) whole.push(node.path);
  }
  return { whole, node, depth };
}

/** The paths that end in a node's suffix, at most `limit` of them. */
export function pathsBelow(node: SuffixNode, limit: number): readonly string[] {
  const found: string[] = [];
  const stack: SuffixNode[] = [node];
  while (found.length < limit) {
    const here = stack.pop();
    if (here === undefined) break;
    if (here.path !== undefined) found.push(here.path);
    stack.push(...here.next.values());
  }
  return found;
}

function newNode(): SuffixNode {
  return { next: new Map(), path: undefined, below: 0 };
}
