import type { Finding, SuppressedBy } from "./finding.ts";

/** The law: a suppressed finding counts only when its suppression is not accepted or has expired. `now`: epoch ms. */
export function isOpen(finding: Pick<Finding, "suppressed" | "suppression">, now: number): boolean {
  if (!finding.suppressed) return true;
  const suppression = finding.suppression;
  if (suppression === undefined) return false;
  return !suppression.accepted || (suppression.expires !== undefined && suppression.expires <= now);
}

/** What counts now. */
export function openFindings(findings: readonly Finding[], now: number): readonly Finding[] {
  return findings.filter((finding) => isOpen(finding, now));
}

export interface DismissalsJudged {
  /** Every finding; those whose dismissal is refused are open again. */
  readonly findings: readonly Finding[];
  readonly accepted: readonly Finding[];
  readonly refused: readonly Finding[];
}

/**
 * Takes back dismissals of people who may not dismiss (threat T26: the author dismisses the alert on their own change).
 * An unknown dismisser may not. Suppressions inside reports have no person and are left as they are.
 */
export function judgeDismissals(
  findings: readonly Finding[],
  mayDismiss: (by: SuppressedBy) => boolean,
): DismissalsJudged {
  const accepted: Finding[] = [];
  const refused: Finding[] = [];
  const judged = findings.map((finding) => {
    const { suppression } = finding;
    if (!finding.suppressed || suppression?.kind !== "dismissed") return finding;
    if (suppression.by !== undefined && mayDismiss(suppression.by)) {
      accepted.push(finding);
      return finding;
    }
    const reopened: Finding = {
      ...finding,
      suppressed: false,
      suppression: { ...suppression, accepted: false },
    };
    refused.push(reopened);
    return reopened;
  });
  return { findings: judged, accepted, refused };
}
