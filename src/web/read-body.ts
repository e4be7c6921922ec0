import type { IncomingMessage } from "node:http";

export type Body =
  | { readonly kind: "body"; readonly bytes: Buffer }
  | { readonly kind: "too_large" }
  | { readonly kind: "aborted" };

/** Reads a request's body up to a cap in bytes; past it nothing more is kept in memory. Hostile input. */
export function readBody(request: IncomingMessage, maximumBytes: number): Promise<Body> {
  const declared = Number(request.headers["content-length"]);
  if (declared > maximumBytes) return Promise.resolve({ kind: "too_large" });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > maximumBytes) {
        chunks.length = 0;
        request.pause();
        resolve({ kind: "too_large" });
        return;
      }
      chunks.push(chunk);
    });
    request.on("end", () => resolve({ kind: "body", bytes: Buffer.concat(chunks, length) }));
    request.on("error", () => resolve({ kind: "aborted" }));
    request.on("aborted", () => resolve({ kind: "aborted" }));
  });
}
