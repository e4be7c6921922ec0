import { cleanLine, cleanText } from "./clean-text.ts";
import type { Finding, FindingKind, FindingSource, ScanRun, Suppression } from "./finding.ts";
import { fingerprintOf, type Occurrences } from "./fingerprint.ts";
import { isObject, type JsonObject } from "./json.ts";
import { reportLimits } from "./parse-json.ts";
import type { Rating } from "./severity.ts";

/** One problem as a reader takes it from a report: raw text, not yet capped or fingerprinted. */
export interface Draft {
  readonly kind: FindingKind;
  readonly rule: string;
  readonly rating: Rating;
  readonly title: string;
  readonly message?: string | undefined;
  readonly package?: string | undefined;
  readonly path?: string | undefined;
  readonly startLine?: number | undefined;
  readonly endLine?: number | undefined;
  readonly toolFingerprint?: string | undefined;
  readonly suppression?: Suppression | undefined;
  readonly cvss?: number | undefined;
  readonly aliases?: readonly string[] | undefined;
  readonly url?: string | undefined;
}

/** What a reader fills while it walks a report. `defect` set means: not understood whole, so unreadable. */
export interface Collector {
  readonly findings: Finding[];
  readonly runs: ScanRun[];
  readonly problems: string[];
  passed: number;
  defect: string | null;
  readonly occurrences: Occurrences;
}

export function newCollector(): Collector {
  return { findings: [], runs: [], problems: [], passed: 0, defect: null, occurrences: new Map() };
}

/** The objects of a list that must be one: absent or null is empty, anything else makes the report unreadable. */
export function* objectsOf(into: Collector, value: unknown, place: string): Generator<JsonObject> {
  if (value === undefined || value === null) return;
  if (!Array.isArray(value)) {
    into.defect ??= `${place} is not a list`;
    return;
  }
  for (const [index, item] of value.entries()) {
    if (into.defect !== null) return;
    if (isObject(item)) yield item;
    else into.defect = `${place}[${index}] is not an object`;
  }
}

/** `first`: what matters most, said before the others and never left out. */
export function addProblem(into: Collector, problem: string, place?: "first"): void {
  if (place === "first") into.problems.unshift(cleanLine(problem, 300));
  else if (into.problems.length < 20) into.problems.push(cleanLine(problem, 300));
}

/** Advisory ids in upper case, once each, first ones first. */
export function advisoryIds(...texts: readonly (string | undefined)[]): readonly string[] {
  const ids = new Set<string>();
  for (const text of texts) {
    if (text === undefined || !/cve-|ghsa-/i.test(text.slice(0, 4_000))) continue;
    for (const match of text
      .slice(0, 4_000)
      .matchAll(/\b(CVE-\d{4}-\d{4,10}|GHSA(?:-[0-9a-z]{4}){3})\b/gi))
      ids.add((match[1] ?? "").toUpperCase());
  }
  return [...ids].slice(0, 20);
}

/** Only links that a reader can follow from GitHub. */
function webLink(url: string | undefined): string | undefined {
  return url !== undefined && url.length <= 2_000 && /^https?:\/\/[^\s<>"'`]+$/i.test(url)
    ? url
    : undefined;
}

function cleanSuppression(suppression: Suppression): Suppression {
  return suppression.justification === undefined
    ? suppression
    : { ...suppression, justification: cleanLine(suppression.justification, 500) };
}

/** Caps and cleans a draft and gives it its fingerprint. A secret keeps no message: it may quote the secret. */
export function finishFinding(
  draft: Draft,
  tool: string,
  source: FindingSource,
  occurrences: Occurrences,
): Finding {
  const rule = cleanLine(draft.rule, 255) || "unknown";
  const isSecret = draft.kind === "secret";
  const message = isSecret
    ? undefined
    : draft.message === undefined
      ? undefined
      : cleanText(draft.message, 2_000);
  const path = draft.path === undefined ? undefined : cleanLine(draft.path, 1_024);
  const packageName = draft.package === undefined ? undefined : cleanLine(draft.package, 500);
  const fingerprint = fingerprintOf(
    {
      kind: draft.kind,
      tool,
      rule,
      path,
      package: packageName,
      message,
      startLine: draft.startLine,
      given: draft.toolFingerprint,
    },
    occurrences,
  );
  return {
    id: `${tool}:${rule.slice(0, 100)}:${fingerprint.slice(0, 12)}`,
    kind: draft.kind,
    source,
    tool,
    rule,
    ...draft.rating,
    title: cleanLine(draft.title, 250) || rule,
    message: message === "" ? undefined : message,
    package: packageName,
    path,
    startLine: path === undefined ? undefined : draft.startLine,
    endLine:
      path === undefined || draft.startLine === undefined
        ? undefined
        : Math.max(draft.endLine ?? draft.startLine, draft.startLine),
    fingerprint,
    suppressed: draft.suppression?.accepted ?? false,
    suppression: draft.suppression === undefined ? undefined : cleanSuppression(draft.suppression),
    cvss: draft.cvss,
    aliases: [
      ...new Set([
        ...(draft.aliases ?? []).map((alias) => alias.toUpperCase()),
        ...advisoryIds(rule),
      ]),
    ],
    url: webLink(draft.url),
  };
}

/** Adds one finding; more than the cap makes the report unreadable rather than silently shorter. */
export function addFinding(into: Collector, tool: string, draft: Draft): void {
  if (into.findings.length >= reportLimits.findings) {
    into.defect ??= `it holds more than ${reportLimits.findings} findings`;
    return;
  }
  into.findings.push(finishFinding(draft, tool, "artifacts", into.occurrences));
}
