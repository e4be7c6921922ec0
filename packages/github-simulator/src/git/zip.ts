import { crc32 } from "node:zlib";

/** Name and content of one file of an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly content: Buffer;
}

function header(
  signature: number,
  entry: ZipEntry,
  name: Buffer,
  central: boolean,
  offset: number,
): Buffer {
  const buffer = Buffer.alloc(central ? 46 : 30);
  let at = buffer.writeUInt32LE(signature, 0);
  if (central) at = buffer.writeUInt16LE(20, at);
  at = buffer.writeUInt16LE(20, at); // version needed
  at = buffer.writeUInt16LE(0x0800, at); // names are UTF-8
  at = buffer.writeUInt16LE(0, at); // stored, not deflated
  at = buffer.writeUInt16LE(0, at); // time
  at = buffer.writeUInt16LE(0x0021, at); // 1980-01-01
  at = buffer.writeUInt32LE(crc32(entry.content), at);
  at = buffer.writeUInt32LE(entry.content.length, at);
  at = buffer.writeUInt32LE(entry.content.length, at);
  at = buffer.writeUInt16LE(name.length, at);
  at = buffer.writeUInt16LE(0, at); // extra field
  if (central) {
    at += 2 + 2 + 2 + 4; // comment, disk, internal and external attributes stay 0
    buffer.writeUInt32LE(offset, at);
  }
  return buffer;
}

/** A zip archive with stored entries; names are taken as they are, hostile ones included. */
export function writeZip(entries: readonly ZipEntry[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name, "utf8");
    const parts = [header(0x04034b50, entry, name, false, 0), name, entry.content];
    central.push(header(0x02014b50, entry, name, true, offset), name);
    local.push(...parts);
    offset += parts.reduce((sum, part) => sum + part.length, 0);
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}
