import type { Finding } from "./finding.ts";

/**
 * Marks what the base does not have, by fingerprint. `base` null means that the base could not be read or was never
 * scanned: everything is new then, since an unknown base excuses nothing.
 */
export function markNew(
  head: readonly Finding[],
  base: readonly Finding[] | null,
): readonly Finding[] {
  const known = new Set(base?.map((finding) => finding.fingerprint));
  return head.map((finding) => ({ ...finding, isNew: !known.has(finding.fingerprint) }));
}

/** The set difference: findings of head that are not in base. */
export function newFindings(
  head: readonly Finding[],
  base: readonly Finding[] | null,
): readonly Finding[] {
  return markNew(head, base).filter((finding) => finding.isNew === true);
}
