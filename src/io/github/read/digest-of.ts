import { createHash } from "node:crypto";

/** Short: one is kept for each thing that is looked at, and only ever compared with another of the same thing. */
export const digestOf = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("base64url").slice(0, 12);
