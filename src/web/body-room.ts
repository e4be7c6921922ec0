import type { IncomingMessage } from "node:http";

export type Body =
  | { readonly kind: "body"; readonly bytes: Buffer }
  | { readonly kind: "too_large" }
  /** Not here in time. */
  | { readonly kind: "too_slow" }
  /** Given up for others: too many were being read at once. */
  | { readonly kind: "crowded_out" }
  | { readonly kind: "aborted" };

export interface RoomLimits {
  /** Of one body. */
  readonly mostBytes: number;
  /** Of all bodies that have arrived and are not through; what is only announced counts for nothing. */
  readonly mostHeld: number;
  readonly mostReaders: number;
  /** GitHub gives up on a delivery after ten seconds: who is slower is not GitHub. */
  readonly withinMs: number;
}

/** What a chunk costs besides its bytes: a body of single bytes is no way around the cap. */
const chunkOverhead = 128;

interface Reader {
  held: number;
  readonly cut: () => void;
}

export interface BodyRoom {
  /** Reads a body within the limits. Call `leave` when nothing holds it any more. Hostile input. */
  readonly read: (
    request: IncomingMessage,
  ) => Promise<{ readonly body: Body; readonly leave: () => void }>;
}

/**
 * Memory for bodies of senders that nobody knows yet: whose signature is right shows only at the end. So what fills up
 * is never refused to the newcomer: whoever holds most, or has been reading longest, is cut off for it. A delivery of
 * GitHub's is small and here within milliseconds; it is neither.
 */
export function createBodyRoom(limits: RoomLimits): BodyRoom {
  /** In the order in which they came. */
  const readers = new Set<Reader>();
  let held = 0;

  const largest = (): Reader | undefined =>
    [...readers].reduce<Reader | undefined>(
      (most, one) => (most === undefined || one.held > most.held ? one : most),
      undefined,
    );

  return {
    read: (request) =>
      new Promise((resolve) => {
        const chunks: Buffer[] = [];
        let length = 0;
        let isOver = false;
        const give = (bytes: number): void => {
          held -= bytes;
          reader.held -= bytes;
        };
        const end = (body: Body): void => {
          if (isOver) return;
          isOver = true;
          clearTimeout(timer);
          readers.delete(reader);
          request.off("data", onData);
          if (body.kind !== "body") {
            chunks.length = 0;
            give(reader.held);
            request.pause();
          }
          const bytes = reader.held;
          let hasLeft = false;
          resolve({
            body,
            leave: () => {
              if (hasLeft) return;
              hasLeft = true;
              give(bytes);
            },
          });
        };
        const reader: Reader = { held: 0, cut: () => end({ kind: "crowded_out" }) };
        const timer = setTimeout(() => end({ kind: "too_slow" }), limits.withinMs);
        const onData = (chunk: Buffer): void => {
          length += chunk.length;
          if (length > limits.mostBytes) return end({ kind: "too_large" });
          const cost = chunk.length + chunkOverhead;
          reader.held += cost;
          held += cost;
          chunks.push(chunk);
          while (held > limits.mostHeld) {
            const most = largest();
            if (most === undefined || most.held === 0) break;
            most.cut();
          }
        };
        if (Number(request.headers["content-length"]) > limits.mostBytes)
          return end({ kind: "too_large" });
        readers.add(reader);
        if (readers.size > limits.mostReaders) [...readers].at(0)?.cut();
        request.on("data", onData);
        request.on("end", () => end({ kind: "body", bytes: Buffer.concat(chunks, length) }));
        request.on("error", () => end({ kind: "aborted" }));
        request.on("close", () => end({ kind: "aborted" }));
      }),
  };
}
