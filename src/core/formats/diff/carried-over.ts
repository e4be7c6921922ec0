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
 * each run of lines to the very place where the base's own change moved it. Runs that meet or touch the base's own cannot
 * be placed for certain, and are then another change.
 */
export function isCarriedOver(text: {
  readonly oldBase: string;
  readonly before: string;
  readonly newBase: string;
  readonly after: string;
}): boolean {
  const old = linesOf(text.oldBase);
  const change = hunksOf(old, linesOf(text.before));
  const moved = hunksOf(old, linesOf(text.newBase));
  if (change === null || moved === null) return false;
  const meets = change.some((one) =>
    moved.some((other) => one.start <= other.end && other.start <= one.end),
  );
  return !meets && applied(old, [...change, ...moved]) === text.after;
}
