/** A seeded source of choices: one seed, one walk. */
export interface Random {
  readonly below: (limit: number) => number;
  readonly chance: (percent: number) => boolean;
  readonly one: <T>(list: readonly [T, ...T[]]) => T;
  readonly any: <T>(list: readonly T[]) => T | undefined;
}

/** Mulberry32. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    chance: (percent) => next() * 100 < percent,
    one: (list) => list[below(list.length)] ?? list[0],
    any: (list) => list[below(list.length)],
  };
}
