/** A JSON answer that GitHub may confirm with a 304, which costs no quota. */
export interface CachedAnswer {
  readonly etag: string;
  readonly json: unknown;
  readonly link: string | null;
  /** Size of the JSON text. */
  readonly bytes: number;
}

export interface EtagCache {
  readonly get: (key: string) => CachedAnswer | undefined;
  readonly put: (key: string, answer: CachedAnswer) => void;
  readonly bytes: () => number;
}

/** Least recently used goes first; an answer that would take more than an eighth of the room is not kept. */
export function createEtagCache(maxBytes: number): EtagCache {
  const entries = new Map<string, CachedAnswer>();
  let held = 0;
  const drop = (key: string): void => {
    const old = entries.get(key);
    if (old === undefined) return;
    held -= old.bytes;
    entries.delete(key);
  };
  return {
    get: (key) => {
      const found = entries.get(key);
      if (found === undefined) return undefined;
      entries.delete(key);
      entries.set(key, found);
      return found;
    },
    put: (key, answer) => {
      drop(key);
      if (answer.bytes > maxBytes / 8) return;
      entries.set(key, answer);
      held += answer.bytes;
      for (const oldest of entries.keys()) {
        if (held <= maxBytes) break;
        drop(oldest);
      }
    },
    bytes: () => held,
  };
}
