import { isBinary, writeBlob, type Entry, type Files, type ObjectStore } from "./objects.ts";
import { diffLines, toLines, unended } from "./diff.ts";

/** A change of one side: base lines `[from, to)` become `lines`. */
interface Chunk {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

function chunks(base: string, side: string): Chunk[] {
  const result: Chunk[] = [];
  let line = 0;
  let open: { from: number; to: number; lines: string[] } | null = null;
  for (const edit of diffLines(base, side)) {
    if (edit.kind === "keep") {
      if (open !== null) result.push(open);
      open = null;
      line++;
      continue;
    }
    open ??= { from: line, to: line, lines: [] };
    if (edit.kind === "remove") open.to = ++line;
    else open.lines.push(edit.text);
  }
  if (open !== null) result.push(open);
  return result;
}

/** Line-wise three-way merge; `null` on a conflict. Chunks that touch conflict, as in git. */
export function mergeText(base: string, ours: string, theirs: string): string | null {
  const lines = toLines(base);
  const a = chunks(base, ours);
  const b = chunks(base, theirs);
  const out: string[] = [];
  let at = 0;
  while (a.length > 0 || b.length > 0) {
    const x = a[0];
    const y = b[0];
    if (x !== undefined && y !== undefined && x.from <= y.to && y.from <= x.to) {
      const same = x.from === y.from && x.to === y.to && x.lines.join("\n") === y.lines.join("\n");
      if (!same) return null;
      b.shift();
      continue;
    }
    const first = y === undefined || (x !== undefined && x.from < y.from) ? a.shift() : b.shift();
    if (first === undefined) break;
    out.push(...lines.slice(at, first.from), ...first.lines);
    at = first.to;
  }
  out.push(...lines.slice(at));
  if (out.length === 0) return "";
  const isUnended = out.at(-1)?.endsWith(unended) === true;
  return (
    out.map((line) => (line.endsWith(unended) ? line.slice(0, -unended.length) : line)).join("\n") +
    (isUnended ? "" : "\n")
  );
}

function text(store: ObjectStore, entry: Entry | undefined): string | null {
  const bytes = entry === undefined ? undefined : store.blobs.get(entry.sha);
  return bytes === undefined || isBinary(bytes) ? null : bytes.toString("utf8");
}

/** Three-way merge of trees; `null` when git would stop with a conflict. */
export function mergeTrees(
  store: ObjectStore,
  base: Files,
  ours: Files,
  theirs: Files,
): Files | null {
  const merged = new Map(ours);
  for (const path of new Set([...base.keys(), ...theirs.keys()])) {
    const b = base.get(path);
    const o = ours.get(path);
    const t = theirs.get(path);
    const same = (x: Entry | undefined, y: Entry | undefined): boolean =>
      x?.sha === y?.sha && x?.mode === y?.mode;
    if (same(b, t) || same(o, t)) continue;
    if (same(b, o)) {
      if (t === undefined) merged.delete(path);
      else merged.set(path, t);
      continue;
    }
    const [bt, ot, tt] = [text(store, b), text(store, o), text(store, t)];
    if (bt === null || ot === null || tt === null || o === undefined) return null;
    const result = mergeText(bt, ot, tt);
    if (result === null) return null;
    merged.set(path, { sha: writeBlob(store, result), mode: o.mode });
  }
  return merged;
}
