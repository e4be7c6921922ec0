import { severityRank, type Finding } from "./finding.ts";

/** Two reports of one problem: the more severe rating stands, and one that is not suppressed keeps it open. */
function merged(first: Finding, second: Finding): Finding {
  const worse = severityRank(second.severity) < severityRank(first.severity) ? second : first;
  const open = first.suppressed && !second.suppressed ? second : first;
  return {
    ...worse,
    suppressed: open.suppressed,
    suppression: open.suppression,
    aliases: [...new Set([...first.aliases, ...second.aliases])],
  };
}

/** One finding per fingerprint, in order of first appearance: the same report uploaded twice does not count twice. */
export function dedupe(findings: readonly Finding[]): readonly Finding[] {
  const byFingerprint = new Map<string, Finding>();
  for (const finding of findings) {
    const earlier = byFingerprint.get(finding.fingerprint);
    byFingerprint.set(
      finding.fingerprint,
      earlier === undefined ? finding : merged(earlier, finding),
    );
  }
  return [...byFingerprint.values()];
}
