import type { Caps } from "./caps.ts";
import type { ScanFault } from "./scan.ts";

/** What no YAML text may hold, tabs and line ends aside: readers show nothing where it stands. */
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

/** Why a hostile text is no UTF-8 text at all, and the offset of it; null for one that is. Comments are part of it. */
export function textFault(
  text: string,
  { replacements }: Pick<Caps, "replacements">,
): ScanFault | null {
  // Bytes of UTF-16 that were read as UTF-8: every second one of them is NUL, and the mark before them is no character.
  if (/^.?\0/su.test(text) || (text.startsWith("\uFFFD\uFFFD") && text.includes("\0"))) {
    return { offset: 0, message: "the file is in UTF-16, which is not read; save it as UTF-8" };
  }
  const found = control.exec(text);
  if (found !== null)
    return {
      offset: found.index,
      message: `a control character (${codePoint(found[0])}) stands here; remove it`,
    };
  const replaced = replacements ? -1 : text.indexOf("\uFFFD");
  return replaced === -1
    ? null
    : { offset: replaced, message: "what stands here is not UTF-8; save the file as UTF-8" };
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
