import { createHash } from "node:crypto";

/** A digest of what would be sent, so that what GitHub shows already is not sent again. */
export function contentHash(content: unknown): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}
