/**
 * Any text as one part of an address. Half a surrogate pair, which JSON can hold, makes `encodeURIComponent` throw:
 * U+FFFD stands for it.
 */
export const urlPart = (text: string): string =>
  encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, "\ufffd"));
