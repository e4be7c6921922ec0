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

export function isLineNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
