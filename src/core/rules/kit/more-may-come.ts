import { pass, pending, type Verdict, type VerdictParts } from "#core/model/verdict.ts";
import { listed } from "#core/text/phrases.ts";

/** A run that begins to wait for an approval, and a base whose report comes late, bring no event that names this subject. */
const lookAgainMs = 5 * 60_000;

/** When to judge again what may change without an event of its own. */
export const lookAgainAt = (now: number): number => now + lookAgainMs;

/** A pass on what is there, or, while runs go on that may bring more, a wait for them: a part is not the whole. */
export function passOnceOver(
  parts: Omit<VerdictParts, "need" | "next">,
  waiting: readonly string[],
  now: number,
): Verdict {
  if (waiting.length === 0) return pass(parts);
  return pending({
    ...parts,
    need: "CI is still running and may bring another report",
    next: `${listed(waiting, 3)} still running: Gatehouse judges again by itself when the run ends.`,
    changesAt: Math.min(parts.changesAt ?? Infinity, lookAgainAt(now)),
  });
}
