const encoder = new TextEncoder();

/**
 * The text within `most`, counted in UTF-8 bytes, because GitHub counts some caps in bytes and others in characters.
 * What had to go is said in `note`; a character is never cut in two.
 */
export function within(text: string, most: number, note: string): string {
  if (text.length * 4 <= most || encoder.encode(text).byteLength <= most) return text;
  const room = most - encoder.encode(note).byteLength;
  const kept: string[] = [];
  let bytes = 0;
  for (const character of text) {
    const size = encoder.encode(character).byteLength;
    if (bytes + size > room) break;
    bytes += size;
    kept.push(character);
  }
  return kept.join("") + note;
}

export const cutLine = "…";
export const cutText =
  "\n\n… This text was longer than GitHub accepts and ends here; the whole reason is in the gate's audit log.";
