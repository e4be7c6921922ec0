import { createHash } from "node:crypto";
import { eachEntry } from "../archive.ts";
import { digestProblem } from "./check-digest.ts";
import type { ZipInput } from "./zip-input.ts";

/** The files of one artifact by their digests (`sha256:…`); `problem` where they cannot be told. */
export interface DigestResult {
  readonly kind: "digested";
  readonly files: readonly { readonly name: string; readonly digest: string }[];
  readonly problem: string | null;
}

/** Takes the digest of every file; archives among them are files like others here, and are not opened. */
export async function digestArchive({ digest, bytes }: ZipInput): Promise<DigestResult> {
  const spoiled = digestProblem({ digest, bytes });
  if (spoiled !== null) return { kind: "digested", files: [], problem: spoiled };
  const files: { name: string; digest: string }[] = [];
  const failure = await eachEntry(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    () => true,
    (name, content) =>
      files.push({ name, digest: `sha256:${createHash("sha256").update(content).digest("hex")}` }),
  );
  return failure === null
    ? { kind: "digested", files, problem: null }
    : { kind: "digested", files: [], problem: failure.error };
}
