import type { Finding, SuppressedBy } from "./finding.ts";

/** The law: a suppressed finding counts only when its suppression is not accepted or has expired. `now`: epoch ms. */
export function isOpen(finding: Pick<Finding, "suppressed" | "suppression">, now: number): boolean {
  if (!finding.suppressed) return true;
  const suppression = finding.suppression;
  if (suppression === undefined) return false;
  return !suppression.accepted || (suppression.expires !== undefined && suppression.expires <= now);
}

/** When a finding that does not count for its suppression counts again (epoch ms), where it ever does. */
export const suppressedUntil = ({
  suppression,
}: Pick<Finding, "suppression">): number | undefined => suppression?.expires;

export interface DismissalsJudged {
  /** Every finding; those whose dismissal is refused are open again. */
  readonly findings: readonly Finding[];
  readonly accepted: readonly Finding[];
  readonly refused: readonly Finding[];
}

/**
 * Takes back dismissals of people who may not dismiss (threat T26: the author dismisses the alert on their own change).
 * An unknown dismisser may not. A suppression inside a report counts as its tool says, unless it names a person who may
 * not: nobody vouches for such a name, so it can only take away.
 */
export function judgeDismissals(
  findings: readonly Finding[],
  mayDismiss: (by: SuppressedBy) => boolean,
): DismissalsJudged {
  const accepted: Finding[] = [];
  const refused: Finding[] = [];
  const judged = findings.map((finding) => {
    const { suppression } = finding;
    if (!finding.suppressed || suppression === undefined) return finding;
    const { by, kind } = suppression;
    if (by === undefined ? kind !== "dismissed" : mayDismiss(by)) {
      if (kind === "dismissed") accepted.push(finding);
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
