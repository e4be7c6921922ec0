import type { Event } from "#core/model/event.ts";
import { pass, pending, type Verdict, type VerdictParts } from "#core/model/verdict.ts";
import { listed } from "#core/text/phrases.ts";

/** A run that begins to wait for an approval, and a base whose report comes late, bring no event that names this subject. */
const lookAgainMs = 5 * 60_000;

/** When to judge again what may change without an event of its own. */
export const lookAgainAt = (now: number): number => now + lookAgainMs;

/**
 * A run that was asked for or begins. Only where what is absent is let through does it change an answer: then what was let
 * through is to wait for it.
 */
export const isBeginOfRun = ({ name }: Pick<Event, "name">): boolean =>
  name === "workflow_run.requested" || name === "workflow_run.in_progress";

/**
 * Missing reports, for readers: runs that have not ended, runs that were stopped before they reported, and runs
 * that failed without a report that says why.
 */
export interface NotReported {
  readonly waiting?: readonly string[] | undefined;
  readonly cut?: readonly string[] | undefined;
  readonly unexplained?: readonly string[] | undefined;
}

/** A pass on the present reports, or, while more may come, a wait: some of the reports are not enough. */
export function passOnceOver(
  parts: Omit<VerdictParts, "need" | "next">,
  { waiting = [], cut = [], unexplained = [] }: NotReported,
  now: number,
): Verdict {
  if (waiting.length > 0)
    return pending({
      ...parts,
      need: "CI is still running and may bring another report",
      next: `${listed(waiting, 3)} still running: Gatehouse judges again by itself when the run ends.`,
      changesAt: Math.min(parts.changesAt ?? Infinity, lookAgainAt(now)),
    });
  if (cut.length > 0) return pending({ ...parts, need: needOfCut(cut), next: nextOfCut });
  return unexplained.length === 0
    ? pass(parts)
    : pending({
        ...parts,
        need: `CI failed and no test report says why: ${listed(unexplained, 3)}`,
        next: "A report hangs on what failed, by its workflow's file, or nobody can tell and the base had more. Somebody with write access runs the failed jobs again until they upload theirs (`if: always()` where tests failed); a job that fails for other reasons uploads no report, and no job that uploads one needs it.",
      });
}

/** The need when runs were stopped or deleted: their result is unknown. */
export const needOfCut = (cut: readonly string[]): string =>
  `CI was stopped before it had reported: ${listed(cut, 3)}`;

export const nextOfCut =
  "Somebody with write access runs it again (Actions, the run, Re-run all jobs); one that was deleted begins anew with the next push, or when the pull request is closed and opened again.";
