import type { ScanSourceFact } from "./findings.ts";
import { severities, type Severity } from "#core/formats/findings/finding.ts";

/**
 * What a source reports for a pull request inside a merge group. Scans must be of the group's commit, because that
 * is what is merged. Findings of both commits count, so that a group without a scan hides none.
 */
export function scansOfGroup(member: ScanSourceFact, group: ScanSourceFact): ScanSourceFact {
  const beyond: Partial<Record<Severity, number>> = {};
  for (const severity of severities) {
    const sum = (member.beyond[severity] ?? 0) + (group.beyond[severity] ?? 0);
    if (sum > 0) beyond[severity] = sum;
  }
  const lost = [...(group.lost ?? []), ...(member.lost ?? [])];
  return {
    ...group,
    state: member.state === "on" || group.state === "on" ? "on" : "off",
    note:
      group.note ?? (group.scans.length === 0 ? "no scan of the merge group's own commit" : null),
    findings: [...group.findings, ...member.findings],
    beyond,
    unreadable: [...new Set([...group.unreadable, ...member.unreadable])],
    ...(lost.length === 0 ? {} : { lost }),
    dismissedAt: { ...member.dismissedAt, ...group.dismissedAt },
    removed: [...group.removed, ...member.removed],
    workflows: [...new Set([...group.workflows, ...member.workflows])],
    link: group.link ?? member.link,
    evidence: [...group.evidence, ...member.evidence],
  };
}
