import { createHash } from "node:crypto";

/** A digest of a text. */
export const textDigest = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A digest of what would be sent, so that what GitHub shows already is not sent again. */
export function contentHash(content: unknown): string {
  return textDigest(JSON.stringify(content));
}
