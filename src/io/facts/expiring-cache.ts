import type { Clock } from "../../core/ports.ts";

/** Remembers answers for a while; equal questions asked meanwhile share one read, failures are not remembered. */
export interface ExpiringCache<V> {
  readonly get: (key: string, read: () => Promise<V>) => Promise<V>;
  /** Drops the keys that `matches`. */
  readonly drop: (matches: (key: string) => boolean) => void;
}

export function createExpiringCache<V>(clock: Clock, lifeMs: number, mostEntries: number): ExpiringCache<V> {
  const entries = new Map<string, { readonly value: Promise<V>; readonly until: number }>();
  return {
    get: (key, read) => {
      const held = entries.get(key);
      if (held !== undefined && held.until > clock.now()) {
        entries.delete(key);
        entries.set(key, held);
        return held.value;
      }
      const entry = { value: read(), until: clock.now() + lifeMs };
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
    drop: (matches) => {
      for (const key of [...entries.keys()]) if (matches(key)) entries.delete(key);
    },
  };
}
