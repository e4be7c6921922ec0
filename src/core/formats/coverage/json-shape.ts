/** Narrowing for JSON of unknown origin; reports are too large to be copied through a schema. */
export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function recordAt(value: unknown, key: string): JsonRecord | undefined {
  const inner = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return isRecord(inner) ? inner : undefined;
}

/** A finite number that is not negative: JSON has no NaN, but `1e999` becomes Infinity, and strings say "Unknown". */
export function countAt(value: JsonRecord, key: string): number | undefined {
  const count = value[key];
  return typeof count === "number" && Number.isFinite(count) && count >= 0 ? count : undefined;
}

/** How often something ran. Counters that ran over are negative, which says of no run. */
export function hitsOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value)
    ? Math.max(0, Math.ceil(value))
    : undefined;
}

/** A whole number, also one that no line has: the tally leaves that out. */
export function isLineNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value);
}
