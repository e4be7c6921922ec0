import { addAbortSignal, type Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { type Entry, fromBuffer, type ZipFile } from "yauzl";
import { decodeText } from "#core/formats/decode-text.ts";

/** What an artifact may cost us. `ratio` is inflated to deflated size, asked only of entries above `ratioFrom` bytes. */
export type ArchiveLimits = {
  readonly archiveBytes: number;
  readonly entries: number;
  readonly entryBytes: number;
  readonly totalBytes: number;
  readonly ratio: number;
  readonly ratioFrom: number;
  readonly nameLength: number;
  readonly milliseconds: number;
};

const mebibyte = 1024 * 1024;

export const artifactLimits: ArchiveLimits = {
  archiveBytes: 100 * mebibyte,
  entries: 20_000,
  entryBytes: 64 * mebibyte,
  totalBytes: 128 * mebibyte,
  ratio: 200,
  ratioFrom: mebibyte,
  nameLength: 1024,
  milliseconds: 20_000,
};

/** The wanted entries as text in the archive's order; `skipped` are wanted ones that are archives themselves, which nobody opens. */
export type Archive = {
  readonly entries: readonly { readonly name: string; readonly text: string }[];
  readonly skipped: readonly string[];
};
export type ArchiveFailure = { readonly error: string };

/** Why this archive is refused, thrown inside this file only. */
class Refusal extends Error {}

/** The wanted entries of a hostile zip as text; see `eachEntry`. Nothing nested is opened. */
export async function readArchive(
  bytes: Buffer,
  wanted: (name: string) => boolean,
  limits: ArchiveLimits = artifactLimits,
  signal: AbortSignal = AbortSignal.timeout(limits.milliseconds),
): Promise<Archive | ArchiveFailure> {
  const entries: { name: string; text: string }[] = [];
  const skipped: string[] = [];
  const opens = (name: string): boolean => {
    if (!wanted(name)) return false;
    if (!archiveNames.test(name)) return true;
    skipped.push(name);
    return false;
  };
  const take = (name: string, content: Buffer): void => {
    if (isArchive(content)) skipped.push(name);
    else entries.push({ name, text: decodeText(content) });
  };
  return (await eachEntry(bytes, opens, take, limits, signal)) ?? { entries, skipped };
}

/**
 * Hands on the wanted entries of a hostile zip in memory, in its order: nothing is written to disk, and one bad entry (a
 * name that leaves the folder, a link, a doubled name, encryption) condemns the whole archive, for honest ones have none.
 * Sizes are capped twice, as declared before and as inflated while reading. Every trouble is an `error`, never a throw.
 */
export async function eachEntry(
  bytes: Buffer,
  wanted: (name: string) => boolean,
  take: (name: string, content: Buffer) => void,
  limits: ArchiveLimits = artifactLimits,
  signal: AbortSignal = AbortSignal.timeout(limits.milliseconds),
): Promise<ArchiveFailure | null> {
  if (bytes.length > limits.archiveBytes)
    return { error: `the archive has ${bytes.length} bytes, more than ${limits.archiveBytes}` };
  let zip: ZipFile | undefined;
  try {
    zip = await openZip(bytes);
    await takeWanted(zip, wanted, take, limits, signal);
    return null;
  } catch (problem) {
    if (signal.aborted)
      return { error: `the archive took longer than ${limits.milliseconds} ms to read` };
    const reason = problem instanceof Error ? problem.message.slice(0, 300) : "unknown reason";
    return { error: problem instanceof Refusal ? reason : `the archive is broken: ${reason}` };
  } finally {
    zip?.close();
  }
}

async function takeWanted(
  zip: ZipFile,
  wanted: (name: string) => boolean,
  take: (name: string, content: Buffer) => void,
  limits: ArchiveLimits,
  signal: AbortSignal,
): Promise<void> {
  if (zip.entryCount > limits.entries)
    throw new Refusal(`the archive has ${zip.entryCount} entries, more than ${limits.entries}`);
  const seen = new Set<string>();
  let total = 0;
  for (let entry = await nextEntry(zip); entry !== undefined; entry = await nextEntry(zip)) {
    signal.throwIfAborted();
    const name = entry.fileName;
    const fault = faultOfEntry(entry, limits) ?? (seen.has(name) ? "stands twice" : undefined);
    if (fault !== undefined)
      throw new Refusal(`entry ${JSON.stringify(name.slice(0, 100))} ${fault}`);
    seen.add(name);
    if (name.endsWith("/") || !wanted(name)) continue;
    const tooLarge = faultOfSize(entry, total, limits);
    if (tooLarge !== undefined) throw new Refusal(`entry ${JSON.stringify(name)} ${tooLarge}`);
    const content = await inflate(
      zip,
      entry,
      Math.min(limits.entryBytes, limits.totalBytes - total),
      signal,
    );
    total += content.length;
    take(name, content);
  }
}

const archiveNames = /\.(?:zip|jar|war|ear|whl|nupkg|apk|tar|tgz|gz|bz2|xz|zst|7z|rar)$/i;

function isArchive(content: Buffer): boolean {
  return (
    (content[0] === 0x50 && content[1] === 0x4b && (content[2] ?? 0) < 9) ||
    (content[0] === 0x1f && content[1] === 0x8b)
  );
}

const fileTypes = 0xf000;
const regularFile = 0x8000;
const folder = 0x4000;
/** C0 and C1 control characters, NUL among them. */
const control = /\p{Cc}/u;

/** yauzl refuses `../`, absolute names and backslashes on its own; they stand here again because a reader must not depend on it. */
function faultOfEntry(entry: Entry, limits: ArchiveLimits): string | undefined {
  const name = entry.fileName;
  if (name === "" || name.length > limits.nameLength)
    return `has a name of ${name.length} characters`;
  if (control.test(name)) return "has a control character in its name";
  if (
    name.includes("\\") ||
    name.startsWith("/") ||
    /^[A-Za-z]:/.test(name) ||
    name.split("/").includes("..")
  )
    return "has a name that leads out of the archive";
  const type = (entry.externalFileAttributes >>> 16) & fileTypes;
  if (type !== 0 && type !== regularFile && type !== folder)
    return "is a link or a device, not a file";
  if (entry.isEncrypted()) return "is encrypted";
  return undefined;
}

function faultOfSize(entry: Entry, before: number, limits: ArchiveLimits): string | undefined {
  if (entry.uncompressedSize > limits.entryBytes)
    return `has ${entry.uncompressedSize} bytes, more than ${limits.entryBytes}`;
  if (before + entry.uncompressedSize > limits.totalBytes)
    return `brings the files to more than ${limits.totalBytes} bytes`;
  if (
    entry.uncompressedSize > limits.ratioFrom &&
    entry.uncompressedSize > entry.compressedSize * limits.ratio
  )
    return `is compressed more than ${limits.ratio} times`;
  return undefined;
}

async function inflate(
  zip: ZipFile,
  entry: Entry,
  allowed: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const stream = addAbortSignal(signal, await openStream(zip, entry));
  const chunks: Buffer[] = [];
  let size = 0;
  let sum = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Declared sizes are the archive's word; this is what really came.
    if (size > allowed)
      throw new Refusal(
        `entry ${JSON.stringify(entry.fileName)} inflates to more than ${allowed} bytes`,
      );
    sum = crc32(chunk, sum);
    chunks.push(chunk);
  }
  if (sum !== entry.crc32)
    throw new Refusal(
      `entry ${JSON.stringify(entry.fileName)} does not have the checksum it declares`,
    );
  return Buffer.concat(chunks, size);
}

function openZip(bytes: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    fromBuffer(
      bytes,
      { lazyEntries: true, strictFileNames: true, validateEntrySizes: true },
      (problem, zip) => {
        if (problem === null) resolve(zip);
        else reject(problem);
      },
    );
  });
}

function openStream(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (problem, stream) => {
      if (problem === null) resolve(stream);
      else reject(problem);
    });
  });
}

function nextEntry(zip: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (done: () => void): void => {
      zip.removeAllListeners("entry").removeAllListeners("end").removeAllListeners("error");
      done();
    };
    zip.once("entry", (entry: Entry) => settle(() => resolve(entry)));
    zip.once("end", () => settle(() => resolve(undefined)));
    zip.once("error", (problem: Error) => settle(() => reject(problem)));
    zip.readEntry();
  });
}
