/**
 * JSON text that is the same for equal values (RFC 8785): keys sorted by UTF-16 code units, no spaces. What JSON cannot
 * hold goes as `JSON.stringify` has it go: undefined members are left out, NaN is null. NUL and half surrogates are
 * written as escapes, so that any text survives being stored.
 */
export function canonicalJson(value: unknown): string {
  return write(value) ?? "null";
}

function write(value: unknown): string | undefined {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if ("toJSON" in value && typeof value.toJSON === "function")
    return write(JSON.parse(JSON.stringify(value) ?? "null"));
  if (Array.isArray(value)) return `[${value.map((member) => write(member) ?? "null").join(",")}]`;
  const members: string[] = [];
  for (const [key, member] of Object.entries(value).sort(byKey)) {
    const text = write(member);
    if (text !== undefined) members.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${members.join(",")}}`;
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;
