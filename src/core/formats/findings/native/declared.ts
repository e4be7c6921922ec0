import { severities, type Finding, type Severity } from "../finding.ts";
import { isObject, listOf, objectOf, type JsonObject } from "../json.ts";
import { rate } from "../severity.ts";

/** What a report itself says that the scan found: in all, and by severity. */
export interface Declared {
  readonly all?: number | undefined;
  readonly by?: Readonly<Partial<Record<Severity, number>>>;
  /** What one entry of the list stands for, where the tool counts something else (paths to a package). */
  readonly weights?: Readonly<Partial<Record<Severity, number>>>;
}

/** A count, also one in digits; whatever else is written there is none. */
export function countOf(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) && number >= 0 ? number : undefined;
}

/** Counts by the tool's own words for severities: `{"critical": 3, "moderate": 1}`. */
export function countsBySeverity(counts: unknown): Partial<Record<Severity, number>> {
  const sums: Partial<Record<Severity, number>> = {};
  for (const [word, value] of Object.entries(objectOf(counts)).slice(0, 50)) {
    const { severity } = rate({ kind: "code", word });
    const count = countOf(value);
    if (count !== undefined && severity !== "unrated")
      sums[severity] = (sums[severity] ?? 0) + count;
  }
  return sums;
}

/** How many a value holds that tools write as a list or by name. */
export const sizeOf = (value: unknown): number =>
  isObject(value) ? Object.keys(value).length : listOf(value).length;

/**
 * Why the list of findings is not the whole report, or undefined. A list that is shorter than the scan's own count was
 * cut, filtered by a threshold or turned into a summary: what it leaves out may be as bad as anything.
 */
export function unlisted(
  declared: Declared,
  findings: readonly Pick<Finding, "severity" | "suppressed">[],
): string | undefined {
  const listed = findings.filter((finding) => !finding.suppressed);
  for (const severity of severities) {
    const said = declared.by?.[severity] ?? 0;
    const own = listed.filter((finding) => finding.severity === severity).length;
    if (said > Math.max(own, declared.weights?.[severity] ?? 0))
      return `it counts ${said} ${severity} and lists ${own}`;
  }
  const { all = 0 } = declared;
  return all > listed.length ? `it counts ${all} in all and lists ${listed.length}` : undefined;
}

/** `failed` where the tool says that it looked at nothing at all. */
export const lookedAtNothing = (report: JsonObject, field: string): string | undefined =>
  countOf(report[field]) === 0 ? "it looked at nothing" : undefined;
