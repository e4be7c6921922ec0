/** A run of lines `[start, end)` of the old text that others take the place of. */
interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

/** Beyond this many edits a change is not followed: what is not followed is another change. */
const mostEdits = 1_000;

const linesOf = (text: string): readonly string[] => text.split("\n");

/** Furthest points of each number of edits (Myers); null when it takes too many. */
function trace(a: readonly string[], b: readonly string[]): readonly Int32Array[] | null {
  const most = Math.min(a.length + b.length, mostEdits);
  const offset = most + 1;
  const furthest = new Int32Array(2 * most + 3);
  const steps: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits += 1) {
    steps.push(furthest.slice());
    for (let k = -edits; k <= edits; k += 2) {
      const left = furthest[offset + k - 1] ?? 0;
      const above = furthest[offset + k + 1] ?? 0;
      let x = k === -edits || (k !== edits && left < above) ? above : left + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      furthest[offset + k] = x;
      if (x >= a.length && x - k >= b.length) return steps;
    }
  }
  return null;
}

/** Which lines of `a` are gone and which of `b` are new, as runs; null when there are too many. */
function hunksOf(a: readonly string[], b: readonly string[]): readonly Hunk[] | null {
  const steps = trace(a, b);
  if (steps === null) return null;
  const offset = Math.min(a.length + b.length, mostEdits) + 1;
  const hunks: { start: number; end: number; lines: string[] }[] = [];
  let x = a.length;
  let y = b.length;
  for (let edits = steps.length - 1; edits > 0; edits -= 1) {
    const furthest = steps[edits] ?? new Int32Array();
    const k = x - y;
    const left = furthest[offset + k - 1] ?? 0;
    const above = furthest[offset + k + 1] ?? 0;
    const inserts = k === -edits || (k !== edits && left < above);
    const fromX = inserts ? above : left;
    const fromY = fromX - (inserts ? k + 1 : k - 1);
    // Where the edit stands in both texts; what follows it up to here is the same in both.
    const start = fromX;
    const end = inserts ? fromX : fromX + 1;
    const lines = inserts ? [b[fromY] ?? ""] : [];
    const next = hunks.at(-1);
    if (next !== undefined && next.start === end) {
      next.start = start;
      next.lines.unshift(...lines);
    } else hunks.push({ start, end, lines });
    x = fromX;
    y = fromY;
  }
  return hunks.reverse();
}

/** Beyond so many lines, or comparisons of lines, a place is not looked for: it is then not known. */
const mostContext = 200;
const mostComparisons = 2_000_000;

/** Whether the run of lines that ends at `line` (begins there, for `step` 1), grown away from it as far as it is the same, is there but once. */
function isSingle(
  within: readonly string[],
  line: number,
  step: 1 | -1,
  mostLines: number,
  budget: { left: number },
): boolean {
  // Every other line where the run could stand as well; each line more leaves fewer of them.
  let rivals: readonly number[] = [...within.keys()].filter((at) => at !== line);
  for (let length = 0; rivals.length > 0; length += 1) {
    if (length === mostLines) return false;
    budget.left -= rivals.length;
    if (budget.left < 0) return false;
    const here = within[line + step * length];
    rivals = rivals.filter((at) => within[at + step * length] === here);
  }
  return true;
}

/**
 * Whether every run of `ours` has its place for certain among what `theirs` made of the old lines: going up from it and
 * going down, within what they left as it is, stand lines that both texts have but once. Where one of the two has more
 * of them (a section copied, moved or taken away beside one like it), the lines between can be laid beside each other
 * in another way too, and the shortest one is a guess.
 */
function arePlaced(
  old: readonly string[],
  ours: readonly Hunk[],
  theirs: readonly Hunk[],
  changed: readonly string[],
  budget: { left: number },
): boolean {
  return ours.every(({ start, end }) => {
    const above = theirs.filter((other) => other.end <= start);
    const below = theirs.filter((other) => other.start >= end);
    const moved = above.reduce(
      (sum, other) => sum + other.lines.length - (other.end - other.start),
      0,
    );
    // The run's own old lines are a part of what is looked for, on both ways.
    const up = end - Math.max(0, ...above.map((other) => other.end));
    const down = Math.min(old.length, ...below.map((other) => other.start)) - start;
    const isKnown = (line: number, step: 1 | -1, most: number, toTheEdge: boolean): boolean =>
      (toTheEdge && most <= mostContext) ||
      [
        { within: old, line },
        { within: changed, line: line + moved },
      ].every((one) => isSingle(one.within, one.line, step, Math.min(most, mostContext), budget));
    return (
      isKnown(end - 1, -1, up, above.length === 0) && isKnown(start, 1, down, below.length === 0)
    );
  });
}

function applied(old: readonly string[], hunks: readonly Hunk[]): string {
  const lines: string[] = [];
  let at = 0;
  for (const hunk of [...hunks].sort((one, other) => one.start - other.start)) {
    lines.push(...old.slice(at, hunk.start), ...hunk.lines);
    at = hunk.end;
  }
  return [...lines, ...old.slice(at)].join("\n");
}

/**
 * Whether `after` is what becomes of `before` when the change from `oldBase` to `before` is carried over to `newBase`,
 * each run of lines to the very place where the base's own change moved it. Runs that meet or touch the base's own, or
 * that could stand at more than one place of it, cannot be placed for certain, and are then another change.
 */
export function isCarriedOver(text: {
  readonly oldBase: string;
  readonly before: string;
  readonly newBase: string;
  readonly after: string;
}): boolean {
  const old = linesOf(text.oldBase);
  const before = linesOf(text.before);
  const newBase = linesOf(text.newBase);
  const change = hunksOf(old, before);
  const moved = hunksOf(old, newBase);
  if (change === null || moved === null) return false;
  if (applied(old, [...change, ...moved]) !== text.after) return false;
  if (change.length === 0 || moved.length === 0) return true;
  const meets = change.some((one) =>
    moved.some((other) => one.start <= other.end && other.start <= one.end),
  );
  const budget = { left: mostComparisons };
  return (
    !meets &&
    arePlaced(old, change, moved, newBase, budget) &&
    arePlaced(old, moved, change, before, budget)
  );
}
