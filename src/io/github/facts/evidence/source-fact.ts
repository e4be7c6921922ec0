import type { ScanSourceFact } from "#core/facts/findings.ts";
import { GitHubError } from "#io/github/client/github-error.ts";
import type { EvidenceContext } from "./evidence-cache.ts";

/** A source that is on and has nothing to say. */
export const nothingKnown: ScanSourceFact = {
  state: "on",
  note: null,
  findings: [],
  beyond: {},
  scans: [],
  failed: [],
  unreadable: [],
  waiting: [],
  ignored: [],
  dismissedAt: {},
  removed: [],
  workflows: [],
  link: null,
  evidence: [],
};

export const switchedOff = (note: string): ScanSourceFact => ({
  ...nothingKnown,
  state: "off",
  note,
});

/** GitHub's words for a scanner that a repository does not have, as far as they are alike. */
const offWords =
  /enabled|disabled|not (?:available|supported)|advanced security|code security|secret protection|dependency graph|no analysis/i;
const permissionWords = /not accessible by|must have .*(?:permission|access)|permission/i;

/**
 * Whether a refusal means that the repository does not have the scanner: switched off, or not in its plan. GitHub answers
 * 404 then, or 403 and says so; a 403 without such words may be a permission that is missing, and is no such answer.
 */
function isOff(error: unknown): error is GitHubError {
  if (!(error instanceof GitHubError)) return false;
  if (error.code === "not_found") return true;
  // The path before the status has the repository's own name in it, which may be any word.
  const said = error.message.split(": 403 ", 2)[1] ?? "";
  return (
    error.code === "forbidden" &&
    error.status === 403 &&
    offWords.test(said) &&
    !permissionWords.test(said)
  );
}

/** Reads from a scanner that may be switched off; that it is off is remembered for a while. */
export async function unlessOff(
  context: EvidenceContext,
  key: string,
  what: string,
  read: () => Promise<ScanSourceFact>,
): Promise<ScanSourceFact> {
  const known = context.caches.off.get(key);
  if (known !== undefined) return switchedOff(known);
  try {
    return await read();
  } catch (error) {
    if (!isOff(error)) throw error;
    const note = `${what} is switched off for this repository, or not in its plan (GitHub answers ${error.status ?? "nothing"})`;
    context.caches.off.put(key, note);
    return switchedOff(note);
  }
}
