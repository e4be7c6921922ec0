import type { FindingKind, Severity, SeveritySource } from "./finding.ts";

/** A severity and what decided it. */
export interface Rating {
  readonly severity: Severity;
  readonly severitySource: SeveritySource;
}

const plainNumber = /^\d{1,6}(\.\d{1,12})?$/;

const words: ReadonlyMap<string, Severity> = new Map([
  ["critical", "critical"],
  ["high", "high"],
  ["important", "high"],
  ["medium", "medium"],
  ["moderate", "medium"],
  ["low", "low"],
  ["negligible", "low"],
  ["info", "low"],
  ["informational", "low"],
]);

const levels: ReadonlyMap<string, Severity> = new Map([
  ["error", "high"],
  ["warning", "medium"],
  ["note", "low"],
]);

/** A security-severity as a number, from a JSON number or a plain decimal string; null for anything else. */
export function scoreOf(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "string") return null;
  const trimmed = value.trim();
  return plainNumber.test(trimmed) ? Number(trimmed) : null;
}

/** What tools write into the field of a security-severity to say that there is none. */
const saysNothing =
  /^(?:|-|-\d+(?:\.\d+)?|none|null|undefined|unknown|unrated|unassigned|n\/?a)$/iu;

/** Whether a security-severity is there and is neither a number nor a word nor a way to say nothing: how grave it is, nobody can tell. */
export function isUnreadableScore(value: unknown): boolean {
  if (value === undefined || value === null || scoreOf(value) !== null) return false;
  return (
    typeof value !== "string" || (severityOfWord(value) === null && !saysNothing.test(value.trim()))
  );
}

/** The severity law's first step: critical ≥ 9.0, high ≥ 7.0, medium ≥ 4.0, low > 0; 0 and below say nothing. */
export function severityOfScore(score: number): Severity | null {
  if (score >= 9) return "critical";
  if (score >= 7) return "high";
  if (score >= 4) return "medium";
  return score > 0 ? "low" : null;
}

/** The second step: a severity word as scanners write them, in any case. Unknown words (UNKNOWN, UNDEFINED, none) are null. */
export function severityOfWord(value: unknown): Severity | null {
  return typeof value === "string" ? (words.get(value.trim().toLowerCase()) ?? null) : null;
}

/** The third step: error high, warning medium, note low, in any case. */
export function severityOfLevel(value: unknown): Severity | null {
  return typeof value === "string" ? (levels.get(value.trim().toLowerCase()) ?? null) : null;
}

/** What a report may say about how bad a problem is. Lists are tried in order, result before rule. */
export interface SeverityClaims {
  readonly kind?: FindingKind | undefined;
  /** Values of fields that are made to carry a security-severity; a word in one of them counts as the tool's word. */
  readonly scores?: readonly unknown[] | undefined;
  readonly word?: unknown;
  readonly properties?: readonly unknown[] | undefined;
  readonly level?: unknown;
}

/** How a severity is determined: a number, else the tool's own word, else the level, else unrated; a leaked secret is critical where nobody rated it. */
export function rate(claims: SeverityClaims): Rating {
  const scores = claims.scores ?? [];
  for (const value of scores) {
    const score = scoreOf(value);
    const severity = score === null ? null : severityOfScore(score);
    if (severity !== null) return { severity, severitySource: "numeric" };
  }
  for (const value of [...scores, claims.word]) {
    const severity = severityOfWord(value);
    if (severity !== null) return { severity, severitySource: "word" };
  }
  for (const value of claims.properties ?? []) {
    const severity = severityOfWord(value);
    if (severity !== null) return { severity, severitySource: "property" };
  }
  if (claims.kind === "secret") return { severity: "critical", severitySource: "none" };
  const severity = severityOfLevel(claims.level);
  if (severity !== null) return { severity, severitySource: "level" };
  return { severity: "unrated", severitySource: "none" };
}

/** Whether the report itself rated it in the field made for it: what `read findings` counts as rated. */
export function isRated(rating: Rating): boolean {
  return rating.severitySource === "numeric" || rating.severitySource === "word";
}
