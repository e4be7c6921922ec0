/** Answers that never change (of a commit, of an artifact), the least recently used ones dropped beyond `most` of weight. */
export interface WeighedCache<V> {
  readonly get: (key: string, read: () => Promise<V>, weigh?: (value: V) => number) => Promise<V>;
  readonly drop: (matches: (key: string) => boolean) => void;
}

/** Equal questions asked meanwhile share one read; failures are not remembered. */
export function createWeighedCache<V>(most: number): WeighedCache<V> {
  const entries = new Map<string, { readonly value: Promise<V>; weight: number }>();
  let held = 0;
  const drop = (key: string): void => {
    const entry = entries.get(key);
    if (entry === undefined) return;
    held -= entry.weight;
    entries.delete(key);
  };
  return {
    get: (key, read, weigh = () => 1) => {
      const known = entries.get(key);
      if (known !== undefined) {
        entries.delete(key);
        entries.set(key, known);
        return known.value;
      }
      const entry = { value: read(), weight: 0 };
      entries.set(key, entry);
      entry.value.then(
        (value) => {
          if (entries.get(key) !== entry) return;
          entry.weight = weigh(value);
          held += entry.weight;
          for (const oldest of [...entries.keys()]) {
            if (held <= most) break;
            drop(oldest);
          }
        },
        () => {
          if (entries.get(key) === entry) entries.delete(key);
        },
      );
      return entry.value;
    },
    drop: (matches) => {
      for (const key of [...entries.keys()]) if (matches(key)) drop(key);
    },
  };
}
