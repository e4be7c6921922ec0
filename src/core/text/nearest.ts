/** Edits (insert, delete, replace, swap neighbours) that turn one word into another; words are short here. */
export function distance(from: string, to: string): number {
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      let best = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[to.length] ?? 0;
}

const fold = (word: string): string => word.toLowerCase().replace(/[-_\s]/g, "");

/** The candidate that was probably meant; undefined when none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = fold(word.slice(0, 64));
  let best: { readonly candidate: string; readonly score: number } | undefined;
  for (const candidate of candidates) {
    const other = fold(candidate.slice(0, 64));
    const prefix = wanted.length >= 3 && (other.startsWith(wanted) || wanted.startsWith(other));
    const score = prefix ? Math.min(1, distance(wanted, other)) : distance(wanted, other);
    if (
      score <= Math.max(1, Math.floor(Math.max(wanted.length, other.length) / 3)) &&
      (best === undefined || score < best.score)
    ) {
      best = { candidate, score };
    }
  }
  return best?.candidate;
}
