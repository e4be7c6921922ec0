import type { IncomingMessage } from "node:http";
import { createBodyBlocks } from "./body-blocks.ts";

export type Body =
  | { readonly kind: "body"; readonly bytes: Buffer }
  | { readonly kind: "too_large" }
  /** Not here in time. */
  | { readonly kind: "too_slow" }
  /** In crumbs: every chunk costs far more than it brings. */
  | { readonly kind: "too_fine" }
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

/** Chunks that any body may have, and bytes that each further one must bring on average. */
const chunksForAll = 512;
const bytesPerChunk = 256;

/** Chunks that a sender whose body is given up may still send while its answer is under way. */
const chunksAfterwards = 512;

interface Reader {
  held: number;
  readonly address: string;
  readonly cut: () => void;
}

export interface BodyRoom {
  /** Reads a body within the limits. Call `leave` when nothing holds it any more. Hostile input. */
  readonly read: (
    request: IncomingMessage,
  ) => Promise<{ readonly body: Body; readonly leave: () => void }>;
}

/**
 * Throws away what still comes of a request. Paused it would be kept instead: Node stops a sender only after 16 KiB,
 * and with a byte a chunk that is 16,384 objects a connection.
 */
export function discard(request: IncomingMessage, mostChunks = chunksAfterwards): void {
  let chunks = 0;
  request.on("error", () => undefined);
  request.on("data", () => {
    chunks += 1;
    if (chunks > mostChunks) request.destroy();
  });
}

/**
 * Memory for bodies of senders that nobody knows yet: whose signature is right shows only at the end. So what fills up
 * is never refused to the newcomer: the body of the sender that holds most, or of the address that has been reading longest, is
 * cut off for it. A delivery of GitHub's is small and here within milliseconds; it is neither. Chunks are copied as
 * they come: kept as they are, each of a single byte is hundreds of bytes.
 */
export function createBodyRoom(limits: RoomLimits): BodyRoom {
  /** In the order in which they came. */
  const readers = new Set<Reader>();
  let held = 0;

  const largest = (): Reader | undefined => {
    let most: Reader | undefined;
    for (const one of readers) if (most === undefined || one.held > most.held) most = one;
    return most;
  };

  /** Behind a proxy everybody has one address: then it is the oldest of all. */
  const oldestOfTheMost = (): Reader | undefined => {
    const counts = new Map<string, number>();
    for (const { address } of readers) counts.set(address, (counts.get(address) ?? 0) + 1);
    const most = Math.max(...counts.values());
    for (const one of readers) if (counts.get(one.address) === most) return one;
    return undefined;
  };

  return {
    read: (request) =>
      new Promise((resolve) => {
        const announced = Number(request.headers["content-length"]);
        const blocks = createBodyBlocks(Number.isFinite(announced) ? announced : limits.mostBytes);
        let chunks = 0;
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
            blocks.clear();
            give(reader.held);
            discard(request);
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
        const reader: Reader = {
          held: 0,
          address: request.socket.remoteAddress ?? "",
          cut: () => end({ kind: "crowded_out" }),
        };
        const timer = setTimeout(() => end({ kind: "too_slow" }), limits.withinMs);
        const onData = (chunk: Buffer): void => {
          chunks += 1;
          const length = blocks.length() + chunk.length;
          if (length > limits.mostBytes) return end({ kind: "too_large" });
          if (chunks > chunksForAll + length / bytesPerChunk) {
            end({ kind: "too_fine" });
            // Anybody who sends so reads no answer either, and what is left of this read is thousands more.
            request.destroy();
            return;
          }
          const cost = blocks.append(chunk);
          if (cost === 0) return;
          reader.held += cost;
          held += cost;
          while (held > limits.mostHeld) {
            const most = largest();
            if (most === undefined || most.held === 0) break;
            most.cut();
          }
        };
        if (announced > limits.mostBytes) return end({ kind: "too_large" });
        readers.add(reader);
        if (readers.size > limits.mostReaders) oldestOfTheMost()?.cut();
        request.on("data", onData);
        request.on("end", () => end({ kind: "body", bytes: blocks.joined() }));
        request.on("error", () => end({ kind: "aborted" }));
        request.on("close", () => end({ kind: "aborted" }));
      }),
  };
}
