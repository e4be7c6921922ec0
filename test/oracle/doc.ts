/** A YAML value by its shape, without a schema: the oracle reads policies by itself. */
export type Doc = Readonly<Record<string, unknown>>;

export const isDoc = (value: unknown): value is Doc =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const docOf = (value: unknown): Doc => (isDoc(value) ? value : {});

/** A list, or one value that stands for a list of one; nothing is none. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

export const textsOf = (value: unknown): readonly string[] => listOf(value).map(String);

export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

/** The keys that are none of these. */
export const otherKeys = (doc: Doc, known: readonly string[]): readonly string[] =>
  Object.keys(doc).filter((key) => !known.includes(key));

/** Milliseconds of `30m`, `4h`, `2d`; undefined for anything else. */
export function durationOf(value: unknown): number | undefined {
  if (value === 0) return 0;
  const match = /^(\d+)(s|m|h|d|w)$/.exec(String(value));
  const unit = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }[
    match?.[2] ?? "s"
  ];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}
