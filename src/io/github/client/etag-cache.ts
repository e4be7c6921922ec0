import { LRUCache } from "lru-cache";

/** A JSON answer, as text, that GitHub may confirm with a 304. */
export interface CachedAnswer {
  readonly etag: string;
  readonly text: string;
  readonly link: string | undefined;
}

/** Least recently used goes first; an answer that would take more than an eighth of the room is not kept. */
export const createEtagCache = (maxBytes: number): LRUCache<string, CachedAnswer> =>
  new LRUCache({
    maxSize: maxBytes,
    maxEntrySize: Math.max(1, Math.floor(maxBytes / 8)),
    sizeCalculation: ({ text }) => text.length + 1,
  });
