import type { LineHits } from "./report.ts";

const mostHits = 0xffff_ffff;

/** Packs a line → hits map into two typed arrays: an eighth of a Map's memory, and cheap to hand between threads. */
export function packLines(hitsByLine: ReadonlyMap<number, number>): LineHits {
  const numbers = Uint32Array.from(hitsByLine.keys()).sort();
  const hits = new Uint32Array(numbers.length);
  for (let i = 0; i < numbers.length; i += 1)
    hits[i] = Math.min(hitsByLine.get(numbers[i] ?? 0) ?? 0, mostHits);
  return { numbers, hits };
}

/** Hits of a line; `undefined` when the report does not measure it (blank, comment, declaration). */
export function hitsAt(lines: LineHits, line: number): number | undefined {
  let low = 0;
  let high = lines.numbers.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const number = lines.numbers[middle] ?? 0;
    if (number === line) return lines.hits[middle];
    if (number < line) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

export function coveredCount(lines: LineHits): number {
  return lines.hits.reduce((count, hits) => (hits > 0 ? count + 1 : count), 0);
}

/** Union of lines; where both measured a line, the higher count: covered in either is covered. */
export function uniteLines(one: LineHits, other: LineHits): LineHits {
  const united = new Map<number, number>();
  for (const lines of [one, other]) {
    lines.numbers.forEach((number, i) =>
      united.set(number, Math.max(united.get(number) ?? 0, lines.hits[i] ?? 0)),
    );
  }
  return packLines(united);
}
