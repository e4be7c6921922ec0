/** Severities, most severe first. `unrated`: neither a number, nor a word, nor a level says; a policy says what it counts as. */
export const severities = ["critical", "high", "medium", "low", "unrated"] as const;
export type Severity = (typeof severities)[number];

export const findingKinds = [
  "code",
  "dependency",
  "container",
  "secret",
  "license",
  "iac",
] as const;
export const findingKindMeanings: Readonly<Record<FindingKind, string>> = {
  code: "A flaw in the code.",
  dependency: "A known vulnerability of a dependency.",
  container: "A known vulnerability in a container image.",
  secret: "A secret in the code.",
  license: "A licence that is not accepted.",
  iac: "A flaw in what describes infrastructure.",
};
export type FindingKind = (typeof findingKinds)[number];

/** Where findings come from, in the words of `findings.from`. */
export const findingSources = [
  "code-scanning",
  "dependabot",
  "dependency-review",
  "secret-scanning",
  "artifacts",
] as const;
export type FindingSource = (typeof findingSources)[number];

/**
 * What decided a severity, strongest first: a numeric security-severity; the tool's own word in its severity field;
 * a word elsewhere in a SARIF property bag; the SARIF level; nothing (a leaked secret is critical without any).
 */
export type SeveritySource = "numeric" | "word" | "property" | "level" | "none";

/** Who set a suppression. `id` is GitHub's numeric id where GitHub told us: logins are reused, ids are not. */
export interface SuppressedBy {
  readonly login: string;
  readonly id?: number | undefined;
}

/**
 * Why a finding should not count. `inSource`: a comment beside the code; `external`: the tool's own list; `dismissed`:
 * an alert closed on GitHub. Only `accepted` ones that have not expired (`expires`, epoch ms) take effect: see isOpen.
 */
export interface Suppression {
  readonly kind: "inSource" | "external" | "dismissed";
  readonly accepted: boolean;
  readonly justification?: string | undefined;
  readonly by?: SuppressedBy | undefined;
  readonly expires?: number | undefined;
}

/**
 * One problem that one scanner reports, normalised. Hostile text, capped and free of control characters, unescaped.
 * A secret's value is never in any field. `suppressed` is what the report says; what counts now is asked of isOpen.
 */
export interface Finding {
  /** `tool:rule:` and the start of the fingerprint: short, stable, fit for a waiver. */
  readonly id: string;
  readonly kind: FindingKind;
  readonly source: FindingSource;
  /** Canonical tool name, see toolId. */
  readonly tool: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly severitySource: SeveritySource;
  readonly title: string;
  readonly message?: string | undefined;
  /** A package URL, or `name@version` where the ecosystem is not known. */
  readonly package?: string | undefined;
  /** Relative to the repository root where that could be told, else as reported. */
  readonly path?: string | undefined;
  /** 1-based. */
  readonly startLine?: number | undefined;
  readonly endLine?: number | undefined;
  /** SHA-256, hex: the same problem has the same one in base and head. */
  readonly fingerprint: string;
  readonly suppressed: boolean;
  readonly suppression?: Suppression | undefined;
  /** CVSS base score, for the reader only: it decides nothing. */
  readonly cvss?: number | undefined;
  /** CVE and GHSA ids, upper case. */
  readonly aliases: readonly string[];
  readonly url?: string | undefined;
  /** Set by markNew: not among the base's findings. */
  readonly isNew?: boolean | undefined;
}

/**
 * One run of one tool inside a report. `scanned` is false where the report itself says that the tool did not finish, and
 * where neither its content nor its name says which tool it was: then it proves no scan, though its findings count.
 */
export interface ScanRun {
  readonly tool: string;
  readonly toolName: string | null;
  readonly toolVersion: string | null;
  readonly results: number;
  readonly scanned: boolean;
  /** Why nobody knows what is in what it scanned: its own report says that it failed, saw nothing, or found more. */
  readonly doubt?: string | undefined;
}

/** What one report file says. `passed` counts results that report no problem (SARIF kinds pass, notApplicable …). */
export interface ScanReport {
  /** Canonical name of the first run that names a tool, else `unknown`. */
  readonly tool: string;
  readonly toolVersion?: string | undefined;
  readonly format: "sarif" | "native";
  readonly kinds: readonly FindingKind[];
  readonly findings: readonly Finding[];
  readonly passed: number;
  readonly runs: readonly ScanRun[];
  /** What the report leaves in doubt, in words for a reader: skipped files, failed parts. */
  readonly problems: readonly string[];
}

/** A reading never throws: what cannot be understood whole is `unreadable`, and that is never a clean scan. */
export type FindingsReading =
  | { readonly kind: "report"; readonly report: ScanReport }
  | {
      readonly kind: "unreadable";
      readonly reason: string;
      /** It is no JSON at all: cut off, empty, or something else. */
      readonly broken?: boolean;
    };

/** 0 for critical … 4 for unrated. */
export const severityRank = (severity: Severity): number => severities.indexOf(severity);

/** For sorting: most severe first. */
export function bySeverity(a: Pick<Finding, "severity">, b: Pick<Finding, "severity">): number {
  return severityRank(a.severity) - severityRank(b.severity);
}
