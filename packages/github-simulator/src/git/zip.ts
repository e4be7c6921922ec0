import { zipSync } from "fflate";

/** Name and content of one file of an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly content: Buffer;
}

/** The first day that a zip can tell: the same files make the same archive, whenever it is written. */
const mtime = new Date(1980, 0, 1);

/** A zip archive with stored entries; names are taken as they are, hostile ones included. */
export function writeZip(entries: readonly ZipEntry[]): Buffer {
  const files = Object.fromEntries(
    entries.map(({ name, content }) => [name, new Uint8Array(content)]),
  );
  return Buffer.from(zipSync(files, { level: 0, mtime }));
}
