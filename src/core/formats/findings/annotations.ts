import type { Annotation } from "#core/model/evidence.ts";
import { cleanLine } from "./clean-text.ts";
import {
  bySeverity,
  severities,
  type Finding,
  type FindingSource,
  type Severity,
} from "./finding.ts";
import { isInsideRepository } from "./repository-path.ts";

export interface AnnotationOptions {
  /** At most so many; the rest is counted. GitHub takes 50 a request. */
  readonly limit: number;
  /** Whether everybody can read the check run. */
  readonly visibility: "public" | "private";
  /** Sources whose details everybody can read anyway on a public repository; none unless said. Secrets never are. */
  readonly publicSources?: readonly FindingSource[] | undefined;
  /** Where the rest can be seen. */
  readonly link?: string | undefined;
}

export interface AnnotatedFindings {
  readonly annotations: readonly Annotation[];
  /** Findings without an annotation, for whatever reason. */
  readonly more: number;
  /** The honest rest in words ("and 73 more …"); null when every finding has its annotation. */
  readonly note: string | null;
}

const levels = {
  critical: "failure",
  high: "failure",
  medium: "warning",
  low: "notice",
  unrated: "warning",
} as const satisfies Record<Severity, Annotation["level"]>;

function messageOf(finding: Finding): string {
  if (finding.kind === "secret")
    return `${finding.tool} found a secret here (${finding.rule}). Revoke it, then remove it; its value is not shown.`;
  const about = finding.package === undefined ? "" : `\nPackage: ${finding.package}`;
  const link = finding.url === undefined ? "" : `\n${finding.url}`;
  return `${finding.message ?? finding.title}${about}\n${finding.tool}: ${finding.rule}${link}`;
}

function annotationOf(finding: Finding, path: string): Annotation {
  const startLine = finding.startLine ?? 1;
  return {
    path,
    startLine,
    endLine: Math.max(finding.endLine ?? startLine, startLine),
    level: levels[finding.severity],
    title: cleanLine(`${finding.severity}: ${finding.title}`, 250),
    message: messageOf(finding),
  };
}

/** "2 critical, 5 high": what may always be said. */
export function countBySeverity(findings: readonly Pick<Finding, "severity">[]): string {
  const parts = severities.flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  return parts.length === 0 ? "none" : parts.join(", ");
}

/** Threat T51: on a public repository details stay out unless their source is public as well; a secret's place always does. */
function mayShow(finding: Finding, options: AnnotationOptions): boolean {
  if (options.visibility === "private") return true;
  return finding.kind !== "secret" && (options.publicSources ?? []).includes(finding.source);
}

function noteOf(
  parts: { hidden: readonly Finding[]; placeless: readonly Finding[]; cut: readonly Finding[] },
  shown: number,
  link: string | undefined,
): string | null {
  const sentences: string[] = [];
  const and = shown > 0 ? "and " : "";
  if (parts.cut.length > 0)
    sentences.push(`${and}${parts.cut.length} more (${countBySeverity(parts.cut)})`);
  if (parts.placeless.length > 0)
    sentences.push(
      `${parts.placeless.length} without a line in this repository (${countBySeverity(parts.placeless)})`,
    );
  if (parts.hidden.length > 0)
    sentences.push(
      `${parts.hidden.length} whose details are not shown on a public repository (${countBySeverity(parts.hidden)})`,
    );
  if (sentences.length === 0) return null;
  return `${sentences.join("; ")}${link === undefined ? "" : `: ${link}`}`;
}

/** Puts findings on their lines, most severe first, by path and line within a severity; says honestly what is left out. */
export function annotateFindings(
  findings: readonly Finding[],
  options: AnnotationOptions,
): AnnotatedFindings {
  const ordered = findings.toSorted(
    (a, b) =>
      bySeverity(a, b) ||
      (a.path ?? "").localeCompare(b.path ?? "") ||
      (a.startLine ?? 0) - (b.startLine ?? 0) ||
      a.fingerprint.localeCompare(b.fingerprint),
  );
  const annotations: Annotation[] = [];
  const hidden: Finding[] = [];
  const placeless: Finding[] = [];
  const cut: Finding[] = [];
  for (const finding of ordered) {
    if (!mayShow(finding, options)) hidden.push(finding);
    else if (finding.path === undefined || !isInsideRepository(finding.path))
      placeless.push(finding);
    else if (annotations.length >= options.limit) cut.push(finding);
    else annotations.push(annotationOf(finding, finding.path));
  }
  return {
    annotations,
    more: findings.length - annotations.length,
    note: noteOf({ hidden, placeless, cut }, annotations.length, options.link),
  };
}
