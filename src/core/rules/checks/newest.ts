import { type CheckFact, jobBehindCheck, jobNamed } from "#core/facts/checks.ts";
import type { Ask } from "#core/facts/ask.ts";
import { isOfActions } from "./params.ts";

/**
 * What the newest countable run of one context says. `unproven`: green runs, and no job behind any of them. `beside`: a
 * run that says nothing of this change.
 */
export type CheckState =
  | { readonly kind: "passed" | "failed" | "waiting"; readonly check: CheckFact }
  | { readonly kind: "unproven"; readonly check: CheckFact }
  | { readonly kind: "beside"; readonly check: CheckFact; readonly why: string };

/**
 * Whose check it is: name, reporter, workflow file and event. Of a status the reporter is the account that set it, and
 * accounts that are gone are nobody's successors; GitHub takes its context in any case for the same.
 */
const nameplate = (check: CheckFact): readonly unknown[] => [
  check.kind === "status" ? check.name.toLowerCase() : check.name,
  check.kind,
  check.kind === "status" ? (check.creator?.id ?? `gone ${check.id}`) : null,
  check.app?.id ?? check.app?.slug ?? null,
  check.run?.path ?? null,
  check.run?.event ?? null,
];

/**
 * Runs by context, newest first: a re-run takes its predecessor's place, also when it is worse. A re-run stays in its
 * suite. Another event, another workflow, another run of the same workflow is another context: each of them counts, so
 * that no newer green hides a red.
 */
export function byContext(checks: readonly CheckFact[]): ReadonlyMap<string, readonly CheckFact[]> {
  const contexts = new Map<string, CheckFact[]>();
  for (const check of checks) {
    const context = JSON.stringify([...nameplate(check), check.suite ?? null]);
    const runs = contexts.get(context);
    if (runs === undefined) contexts.set(context, [check]);
    else runs.push(check);
  }
  for (const runs of contexts.values()) runs.sort(newestFirst);
  return contexts;
}

const newestFirst = (a: CheckFact, b: CheckFact): number =>
  Math.sign(beganAt(b) - beganAt(a)) || b.id - a.id;

/** A run that waits and has no instant yet is the newest there is, not the oldest. A large number: infinities have no difference. */
const beganAt = (check: CheckFact): number =>
  check.status !== "completed" && check.startedAt <= 0 ? Number.MAX_SAFE_INTEGER : check.startedAt;

/** `undefined` while a job has not been looked for. Only a run that would pass has to prove that it is a job. */
export function checkState(
  runs: readonly CheckFact[],
  allowed: readonly string[],
  jobsOnly: boolean,
  ask: Ask,
): CheckState | undefined {
  let unproven: CheckFact | undefined;
  for (const check of runs) {
    const kind = outcome(check, allowed);
    if (kind !== "passed") return { kind, check };
    const said = byItsJobs(check, allowed, ask);
    if (!jobsOnly) return said;
    const isJob =
      check.kind === "status"
        ? false
        : ask(jobBehindCheck.need({ check: check.id, run: check.run?.id ?? null }));
    if (isJob === undefined || said === undefined) return undefined;
    // A job of that name that does not pass is no less red because something else was posted over it.
    if (isJob || said.kind !== "passed") return said;
    unproven ??= check;
  }
  return unproven && { kind: "unproven", check: unproven };
}

/**
 * What the jobs of that name say in the check's own workflow run. GitHub shows the newest of a name in a suite only, and
 * two things may hide a red there: a green that a workflow posted by itself, and a second job of the same name. Neither
 * is a re-run of the other.
 */
function byItsJobs(check: CheckFact, allowed: readonly string[], ask: Ask): CheckState | undefined {
  if (check.kind === "status" || check.run === null || !isOfActions(check))
    return { kind: "passed", check };
  const job = ask(jobNamed.need({ run: check.run.id, name: check.name }));
  if (job === undefined) return undefined;
  if (job === null) return { kind: "passed", check };
  const itsOwn = { ...check, status: job.status, conclusion: job.conclusion };
  return { kind: outcome(itsOwn, allowed), check: itsOwn };
}

const negative: readonly string[] = [
  "failure",
  "timed_out",
  "startup_failure",
  "cancelled",
  "action_required",
];

export function outcome(
  check: Pick<CheckFact, "status" | "conclusion">,
  allowed: readonly string[],
): "passed" | "failed" | "waiting" {
  if (check.status !== "completed" || check.conclusion === null) return "waiting";
  if (allowed.includes(check.conclusion)) return "passed";
  // `skipped`, `neutral` and `stale` tested nothing: a later run still can (threat T27).
  return negative.includes(check.conclusion) ? "failed" : "waiting";
}

export const testedNothing: readonly string[] = ["cancelled", "skipped", "neutral", "stale"];

/** Runs of both test a commit of a branch, and people have them share a concurrency group. */
const sharing: readonly string[] = ["push", "pull_request"];

/** As much of a check or a run as tells whether one may take another's place. */
export interface Place {
  readonly run: number | null;
  readonly event: string | null;
  readonly ref: string | undefined;
  readonly conclusion: string | null;
}

/**
 * Whether one that ended without having tested anything gives way to another of the same workflow file on the same commit.
 *
 * - To a newer one by the same event on the same branch: that one tested what this one did not.
 * - A skipped one to an older success as well: a run that tests a part (because of a label) takes nothing back.
 * - A cancelled one to a newer one on the same branch, whichever of push and pull_request began either: where both share a
 *   concurrency group, the newer cancels the older.
 */
export function mayGiveWay(idle: Place, other: Place, isNewer: boolean): boolean {
  if (idle.event === other.event && idle.ref === other.ref)
    return isNewer || (idle.conclusion === "skipped" && other.conclusion === "success");
  return (
    idle.conclusion === "cancelled" &&
    idle.ref !== undefined &&
    idle.ref === other.ref &&
    [idle, other].every(({ event }) => sharing.includes(event ?? "")) &&
    (other.run ?? 0) > (idle.run ?? 0)
  );
}

/** A red gives way to its own re-run only, and so does what another's red could stand behind. */
export function withoutIdle(states: readonly CheckState[]): readonly CheckState[] {
  return states.filter(({ kind, check }) => {
    if (kind === "passed" || kind === "beside" || kind === "unproven") return true;
    if (check.status !== "completed" || !testedNothing.includes(check.conclusion ?? ""))
      return true;
    return !states.some(
      (other) =>
        speaks(other) &&
        isSameWorkflow(other.check, check) &&
        mayGiveWay(placeOf(check), placeOf(other.check), newestFirst(other.check, check) < 0),
    );
  });
}

/** It tested something, or goes on and so is waited for by itself. */
const speaks = ({ kind, check }: CheckState): boolean =>
  kind === "passed" || kind === "failed"
    ? !testedNothing.includes(check.conclusion ?? "")
    : kind === "waiting" && check.status !== "completed";

const placeOf = ({ run, conclusion }: CheckFact): Place => ({
  run: run?.id ?? null,
  event: run?.event ?? null,
  ref: run?.ref,
  conclusion,
});

const isSameWorkflow = (a: CheckFact, b: CheckFact): boolean =>
  (a.run?.path ?? null) !== null &&
  JSON.stringify(nameplate(a).slice(0, -1)) === JSON.stringify(nameplate(b).slice(0, -1));
