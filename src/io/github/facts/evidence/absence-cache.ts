import type { Clock } from "#core/ports/system.ts";

/** Short-lived notes by key: what was found absent or switched off a moment ago. */
export interface AbsenceCache {
  readonly get: (key: string) => string | undefined;
  readonly put: (key: string, note: string) => void;
  readonly drop: (matches: (key: string) => boolean) => void;
}

export function createAbsenceCache(clock: Clock, lifeMs: number, most: number): AbsenceCache {
  const notes = new Map<string, { readonly note: string; readonly until: number }>();
  return {
    get: (key) => {
      const held = notes.get(key);
      return held !== undefined && held.until > clock.now() ? held.note : undefined;
    },
    put: (key, note) => {
      notes.delete(key);
      notes.set(key, { note, until: clock.now() + lifeMs });
      for (const oldest of notes.keys()) {
        if (notes.size <= most) break;
        notes.delete(oldest);
      }
    },
    drop: (matches) => {
      for (const key of [...notes.keys()]) if (matches(key)) notes.delete(key);
    },
  };
}
