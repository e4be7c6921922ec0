import { createHash } from "node:crypto";
import type { ZipInput } from "./zip-input.ts";

/** What is wrong with a download, null where it is what GitHub says it keeps (threat T22); older servers give no digest. */
export function digestProblem({
  digest,
  bytes,
}: Pick<ZipInput, "digest" | "bytes">): string | null {
  if (digest === null || !digest.startsWith("sha256:")) return null;
  const actual = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  return actual === digest ? null : "the download does not have the digest that GitHub gives";
}
