import { statusReports, type CheckFact } from "#core/facts/checks.ts";
import { matchesName } from "#core/formats/glob.ts";
import { isAboutCommit, whyBeside, type RunOrigin } from "#core/facts/run-origin.ts";
import type { Ask } from "#core/facts/ask.ts";
import { byContext, type CheckState, checkState, withoutIdle } from "./newest.ts";

export interface Weighing {
  readonly allowed: readonly string[];
  /** Whether a green has to be a job. */
  readonly jobsOnly: boolean;
  readonly originOf: (check: CheckFact) => RunOrigin;
}

/**
 * Whether it is a status that may stand before another of such a name: GitHub takes a context in any case for the same,
 * and shows it as it was spelt last.
 */
export const mayHideStatus = ({ kind, name }: CheckFact, names: readonly string[]): boolean =>
  kind === "status" &&
  names.some(
    (glob) => matchesName(glob, name) || matchesName(glob.toLowerCase(), name.toLowerCase()),
  );

/**
 * The same checks with every creator's statuses in place of the newest of each context. The list costs a question more, so
 * it is asked for only where the summary alone would let pass: a commit that waits or is red does not pay for it.
 */
export function withEveryReporter(
  shown: readonly CheckFact[],
  ask: Ask,
): readonly CheckFact[] | undefined {
  const everyones = ask(statusReports.need());
  return everyones && [...shown.filter(({ kind }) => kind !== "status"), ...everyones];
}

/** What every context of these checks says; `undefined` while a fact has not been read. */
export function weigh(
  checks: readonly CheckFact[],
  { allowed, jobsOnly, originOf }: Weighing,
  ask: Ask,
): readonly CheckState[] | undefined {
  const read = [...byContext(checks).values()].map((runs) =>
    checkState(runs, allowed, jobsOnly, ask),
  );
  const settled = read.filter((state) => state !== undefined);
  if (settled.length < read.length) return undefined;
  return withoutIdle(settled.map((state) => aside(state, originOf(state.check))));
}

/** Conclusions that found something wrong. */
const red: readonly string[] = ["failure", "timed_out", "startup_failure"];

/**
 * What a run beside the change says proves nothing, neither way, and hides nothing. But the red of a test of this commit
 * stays red whatever the branch: anybody who chooses the branch to propose or deploy must not choose what is looked at.
 */
export function aside(state: CheckState, origin: RunOrigin): CheckState {
  const { kind, check } = state;
  const why = check.run === null ? null : whyBeside(check.run, origin);
  if (why === null || check.run === null) return state;
  if (kind === "failed" && red.includes(check.conclusion ?? "") && isAboutCommit(check.run))
    return state;
  return { kind: "beside", check, why };
}
