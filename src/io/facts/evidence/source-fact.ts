import type { ScanSourceFact } from "../../../core/facts/findings.ts";
import { GitHubError } from "../../github/github-error.ts";
import type { EvidenceContext } from "./memory.ts";

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

export const switchedOff = (note: string): ScanSourceFact => ({ ...nothingKnown, state: "off", note });

/**
 * Whether a refusal means that the repository does not have the scanner: switched off, or not in its plan. GitHub answers
 * 404 or 403 then; a 403 for a permission that the App lacks says so in its own standard words, and is no such answer.
 */
function isOff(error: unknown): error is GitHubError {
  if (!(error instanceof GitHubError)) return false;
  if (error.code === "not_found") return true;
  return error.code === "forbidden" && error.status === 403 && !/not accessible by integration|must have .*(?:permission|access)/i.test(error.message);
}

/** Reads from a scanner that may be switched off; that it is off is remembered for a while. */
export async function unlessOff(context: EvidenceContext, key: string, what: string, read: () => Promise<ScanSourceFact>): Promise<ScanSourceFact> {
  const known = context.memory.off.get(key);
  if (known !== undefined) return switchedOff(known);
  try {
    return await read();
  } catch (error) {
    if (!isOff(error)) throw error;
    const note = `${what} is switched off for this repository, or not in its plan (GitHub answers ${error.status ?? "nothing"})`;
    context.memory.off.put(key, note);
    return switchedOff(note);
  }
}
