import type { Clock } from "#core/ports/system.ts";

/** Remembers answers for a while; equal questions asked meanwhile share one read, failures are not remembered. */
export interface ExpiringCache<V> {
  readonly get: (key: string, read: () => Promise<V>) => Promise<V>;
  /** Drops the keys that `matches`. */
  readonly drop: (matches: (key: string) => boolean) => void;
  /** What was asked for and is remembered, or was. */
  readonly keys: () => readonly string[];
  /** The same cache for those who believe only what was read within `lifeMs`; what they read is remembered for all. */
  readonly younger: (lifeMs: number) => ExpiringCache<V>;
}

export function createExpiringCache<V>(
  clock: Clock,
  lifeMs: number,
  mostEntries: number,
): ExpiringCache<V> {
  const entries = new Map<string, { readonly value: Promise<V>; readonly readAt: number }>();
  const drop: ExpiringCache<V>["drop"] = (matches) => {
    for (const key of [...entries.keys()]) if (matches(key)) entries.delete(key);
  };
  const believing = (ageMs: number): ExpiringCache<V> => ({
    get: (key, read) => {
      const held = entries.get(key);
      // A clock that was put back makes nothing younger.
      const age = held === undefined ? Number.NaN : clock.now() - held.readAt;
      if (held !== undefined && age >= 0 && age < ageMs) {
        entries.delete(key);
        entries.set(key, held);
        return held.value;
      }
      const entry = { value: read(), readAt: clock.now() };
      entries.delete(key);
      entries.set(key, entry);
      entry.value.catch(() => {
        if (entries.get(key) === entry) entries.delete(key);
      });
      for (const oldest of entries.keys()) {
        if (entries.size <= mostEntries) break;
        entries.delete(oldest);
      }
      return entry.value;
    },
    drop,
    keys: () => [...entries.keys()],
    younger: (life) => believing(Math.min(life, lifeMs)),
  });
  return believing(lifeMs);
}
