import { nonsense, type Reading } from "./series.ts";

const isIndex = (token: string): boolean => /^(?:0|[1-9]\d{0,15})$/.test(token);

/** What a JSON Pointer (RFC 6901) leads to; undefined: to nothing. */
function follow(document: unknown, pointer: string): unknown {
  let at = document;
  for (const part of pointer.split("/").slice(1)) {
    const token = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(at))
      at = isIndex(token) ? (at as readonly unknown[])[Number(token)] : undefined;
    else if (typeof at === "object" && at !== null && Object.hasOwn(at, token))
      at = (at as Readonly<Record<string, unknown>>)[token];
    else return undefined;
  }
  return at;
}

/** Why this is no JSON Pointer; null: it is one. */
export const pointerProblem = (text: string): string | null =>
  !text.startsWith("/")
    ? "is no JSON pointer, which begins with /"
    : /~(?![01])/.test(text)
      ? "is no JSON pointer: ~ is written ~0, and / in a name ~1"
      : null;

/** The number at a pointer in a JSON text; true is 1 and false 0, null or nothing there is no data. Hostile input. */
export function readPointer(text: string, pointer: string, at: number): Reading {
  const problem = pointerProblem(pointer);
  if (problem !== null) return nonsense(`is asked for something that ${problem}`);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return nonsense("answers something that is no JSON");
  }
  const found = follow(document, pointer);
  if (found === undefined || found === null) return { kind: "series", series: [] };
  const value = typeof found === "boolean" ? Number(found) : found;
  if (typeof value !== "number" || !Number.isFinite(value))
    return nonsense("has something else than a number there");
  return { kind: "series", series: [{ points: [{ at, value }], reachMs: 1 }] };
}
