/**
 * Unpacks one block of Snappy (google/snappy, format_description.txt), as GitHub stores bundles. Hostile input: the length
 * it declares is capped before anything is made, and every step is held to it. null for anything that is not whole.
 */
export function unsnappy(packed: Uint8Array, maxBytes: number): Buffer | null {
  const header = lengthOf(packed);
  if (header === null || header.length > maxBytes) return null;
  const out = Buffer.alloc(header.length);
  let at = header.at;
  let filled = 0;
  while (at < packed.length) {
    const tag = packed[at] ?? 0;
    at += 1;
    const kind = tag & 3;
    if (kind === 0) {
      const extra = Math.max(0, (tag >> 2) - 59);
      const size = extra === 0 ? (tag >> 2) + 1 : littleEndian(packed, at, extra) + 1;
      at += extra;
      if (at + size > packed.length || filled + size > out.length) return null;
      out.set(packed.subarray(at, at + size), filled);
      at += size;
      filled += size;
      continue;
    }
    const size = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const width = kind === 1 ? 1 : kind === 2 ? 2 : 4;
    const back = littleEndian(packed, at, width) + (kind === 1 ? (tag >> 5) * 256 : 0);
    at += width;
    if (at > packed.length || back === 0 || back > filled || filled + size > out.length)
      return null;
    // A copy may reach into what it has just written: byte by byte.
    for (let i = 0; i < size; i++) out[filled + i] = out[filled + i - back] ?? 0;
    filled += size;
  }
  return filled === out.length ? out : null;
}

/** The first number of a block: how much it unpacks to. */
function lengthOf(packed: Uint8Array): { readonly length: number; readonly at: number } | null {
  let length = 0;
  for (let at = 0; at < 5; at++) {
    const byte = packed[at];
    if (byte === undefined) return null;
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return { length, at: at + 1 };
  }
  return null;
}

function littleEndian(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value += (bytes[at + i] ?? 0) * 2 ** (8 * i);
  return value;
}
