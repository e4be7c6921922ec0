interface Named {
  readonly name: string;
}

/**
 * What of earlier attempts nothing of the present one has replaced. An artifact is replaced by one of its name, or, where
 * names bear the number of the attempt (`junit-1`, then `junit-2`), by the one that is numbered like it.
 */
export function notReplaced<T extends Named>(
  earlier: readonly T[],
  present: readonly Named[],
  attempt: number,
): readonly T[] {
  const names = new Set(present.map(({ name }) => name));
  const known = new Set(earlier.map(({ name }) => name));
  // A name that the earlier attempts had as well is no attempt's number: `shard-2` does not replace `shard-1`.
  const numbered = [...names].filter((name) => !known.has(name));
  return earlier.filter(
    ({ name }) => !names.has(name) && !numbered.some((next) => isNumberedLike(name, next, attempt)),
  );
}

function isNumberedLike(name: string, next: string, attempt: number): boolean {
  const [olds, news] = [name, next].map((text) => text.split(/(\d+)/));
  if (olds === undefined || news === undefined || olds.length !== news.length) return false;
  const differing = news.flatMap((part, index) => (part === olds[index] ? [] : [index]));
  return (
    differing.length > 0 &&
    differing.every((at) => {
      const before = Number(olds[at] || Number.NaN);
      return Number(news[at]) === attempt && before >= 1 && before < attempt;
    })
  );
}
