/** One line of an edit script. */
interface Edit {
  readonly kind: "keep" | "add" | "remove";
  readonly text: string;
}

/** Beyond this many edits the rest of the file is taken as replaced: a diff is for reading, not for proving. */
const maxEdits = 1000;

function trace(a: readonly string[], b: readonly string[]): Int32Array[] | null {
  const max = Math.min(a.length + b.length, maxEdits);
  const offset = max + 1;
  let v = new Int32Array(2 * max + 3);
  const steps: Int32Array[] = [];
  for (let d = 0; d <= max; d++) {
    steps.push(v.slice());
    const next = v;
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (v[offset + k - 1] ?? 0) < (v[offset + k + 1] ?? 0));
      let x = down ? (v[offset + k + 1] ?? 0) : (v[offset + k - 1] ?? 0) + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x++;
        y++;
      }
      next[offset + k] = x;
      if (x >= a.length && y >= b.length) return steps;
    }
    v = next;
  }
  return null;
}

function middle(a: readonly string[], b: readonly string[]): Edit[] {
  // Whole files that come or go need no search.
  const steps = a.length === 0 || b.length === 0 ? null : trace(a, b);
  if (steps === null) {
    return [
      ...a.map((text): Edit => ({ kind: "remove", text })),
      ...b.map((text): Edit => ({ kind: "add", text })),
    ];
  }
  const offset = Math.min(a.length + b.length, maxEdits) + 1;
  const edits: Edit[] = [];
  let x = a.length;
  let y = b.length;
  for (let d = steps.length - 1; d >= 0; d--) {
    const v = steps[d];
    if (v === undefined) break;
    const k = x - y;
    const down = k === -d || (k !== d && (v[offset + k - 1] ?? 0) < (v[offset + k + 1] ?? 0));
    const previousK = down ? k + 1 : k - 1;
    const previousX = d === 0 ? 0 : (v[offset + previousK] ?? 0);
    const previousY = d === 0 ? 0 : previousX - previousK;
    while (x > previousX && y > previousY) {
      x--;
      y--;
      edits.push({ kind: "keep", text: a[x] ?? "" });
    }
    if (d > 0) {
      if (down) edits.push({ kind: "add", text: b[--y] ?? "" });
      else edits.push({ kind: "remove", text: a[--x] ?? "" });
    }
  }
  return edits.reverse();
}

/** What git writes under a last line that does not end; a part of that line, which makes it another line. */
export const unended = "\n\\ No newline at end of file";

export function toLines(text: string): string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  const last = lines.pop() ?? "";
  return last === "" ? lines : [...lines, last + unended];
}

/** Shortest edit script between two texts, by Myers, with common head and tail cut off first. */
export function diffLines(before: string, after: string): Edit[] {
  const a = toLines(before);
  const b = toLines(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail++;
  const keep = (text: string): Edit => ({ kind: "keep", text });
  return [
    ...a.slice(0, head).map(keep),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(keep),
  ];
}

export interface Patch {
  readonly additions: number;
  readonly deletions: number;
  /** Unified hunks with three lines of context, as `patch` of GitHub's files. */
  readonly text: string;
}

const context = 3;
const marks = { keep: " ", add: "+", remove: "-" } as const;

export function unifiedPatch(before: string, after: string): Patch {
  const edits = diffLines(before, after);
  const hunks: string[] = [];
  let oldLine = 1;
  let newLine = 1;
  let at = 0;
  while (at < edits.length) {
    const next = edits.findIndex((edit, index) => index >= at && edit.kind !== "keep");
    if (next === -1) break;
    const start = Math.max(at, next - context);
    oldLine += start - at;
    newLine += start - at;
    let end = next;
    for (let index = next; index < edits.length && index <= end + 2 * context; index++) {
      if (edits[index]?.kind !== "keep") end = index;
    }
    const slice = edits.slice(start, Math.min(edits.length, end + context + 1));
    const lines = slice.map((edit) => `${marks[edit.kind]}${edit.text}`);
    const oldCount = slice.filter((edit) => edit.kind !== "add").length;
    const newCount = slice.filter((edit) => edit.kind !== "remove").length;
    const range = (line: number, count: number): string =>
      `${count === 0 ? line - 1 : line}${count === 1 ? "" : `,${count}`}`;
    hunks.push(
      [`@@ -${range(oldLine, oldCount)} +${range(newLine, newCount)} @@`, ...lines].join("\n"),
    );
    oldLine += oldCount;
    newLine += newCount;
    at = start + slice.length;
  }
  return {
    additions: edits.filter((edit) => edit.kind === "add").length,
    deletions: edits.filter((edit) => edit.kind === "remove").length,
    text: hunks.join("\n"),
  };
}
