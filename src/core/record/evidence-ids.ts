import type { Evidence } from "#core/model/evidence.ts";

const mostIds = 100;

/** By what a piece of evidence is found again: its digest, its address, or what it is and of which commit. */
const idOf = ({ label, url, sha, digest }: Evidence): string =>
  digest ?? url ?? (sha === undefined ? label : `${label}@${sha}`);

/** Each piece once, the first hundred: who asks for more finds the facts themselves under their digests. */
export const evidenceIds = (evidence: readonly Evidence[]): readonly string[] =>
  [...new Set(evidence.map(idOf))].slice(0, mostIds);
