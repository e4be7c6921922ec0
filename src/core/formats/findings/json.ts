/** Access to parsed hostile JSON: fixed keys only, wrong types read as absent, nothing is copied or merged. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A string with something in it; also a number where tools write ids and lines either way. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

export function firstText(...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const text = textOf(value);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** A line number: a positive integer, also as digits in a string (`"79"`, gosec's `"79-81"` gives its first). */
export function lineOf(value: unknown): number | undefined {
  const number = typeof value === "string" ? Number(/^\d{1,9}/.exec(value)?.[0] ?? NaN) : value;
  return typeof number === "number" && Number.isInteger(number) && number > 0 && number < 1e9
    ? number
    : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Epoch ms of an ISO instant or date; undefined for anything else. */
export function instantOf(value: unknown): number | undefined {
  if (typeof value !== "string" || value.length > 40 || !/^\d{4}-\d{2}-\d{2}/.test(value))
    return undefined;
  const instant = Date.parse(value);
  return Number.isNaN(instant) ? undefined : instant;
}
