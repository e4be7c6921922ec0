import type { CheckFact } from "../../facts/checks.ts";
import { jobBehindCheck } from "../../facts/checks.ts";
import type { Ask } from "../in-rounds.ts";

/** What the newest countable run of one context says. `unproven`: green runs, and no job behind any of them. */
export type Standing =
  | { readonly kind: "passed" | "failed" | "waiting"; readonly check: CheckFact }
  | { readonly kind: "unproven"; readonly check: CheckFact };

/**
 * Runs by context, newest first: a re-run takes its predecessor's place, also when it is worse. Apps, workflow files
 * and statuses are contexts of their own: another app's green must not hide this one's red of the same name.
 */
export function byContext(checks: readonly CheckFact[]): ReadonlyMap<string, readonly CheckFact[]> {
  const contexts = new Map<string, CheckFact[]>();
  for (const check of checks) {
    const context = JSON.stringify([
      check.name,
      check.kind,
      check.app?.id ?? check.app?.slug ?? null,
      check.run?.path ?? null,
    ]);
    const runs = contexts.get(context);
    if (runs === undefined) contexts.set(context, [check]);
    else runs.push(check);
  }
  for (const runs of contexts.values())
    runs.sort((a, b) => Math.sign(beganAt(b) - beganAt(a)) || b.id - a.id);
  return contexts;
}

/** A run that waits and has no instant yet is the newest there is, not the oldest. A large number: infinities have no difference. */
const beganAt = (check: CheckFact): number =>
  check.status !== "completed" && check.startedAt <= 0 ? Number.MAX_SAFE_INTEGER : check.startedAt;

/** `undefined` while a job has not been looked for. Only a run that would pass has to prove that it is a job. */
export function standingOf(
  runs: readonly CheckFact[],
  allowed: readonly string[],
  jobsOnly: boolean,
  ask: Ask,
): Standing | undefined {
  let unproven: CheckFact | undefined;
  for (const check of runs) {
    const kind = outcome(check, allowed);
    if (kind !== "passed" || !jobsOnly) return { kind, check };
    const isJob =
      check.kind === "status"
        ? false
        : ask(jobBehindCheck.need({ check: check.id, run: check.run?.id ?? null }));
    if (isJob === undefined) return undefined;
    if (isJob) return { kind, check };
    unproven ??= check;
  }
  return unproven && { kind: "unproven", check: unproven };
}

const negative: readonly string[] = [
  "failure",
  "timed_out",
  "startup_failure",
  "cancelled",
  "action_required",
];

function outcome(check: CheckFact, allowed: readonly string[]): "passed" | "failed" | "waiting" {
  if (check.status !== "completed" || check.conclusion === null) return "waiting";
  if (allowed.includes(check.conclusion)) return "passed";
  // `skipped`, `neutral` and `stale` tested nothing: a later run still can (threat T27).
  return negative.includes(check.conclusion) ? "failed" : "waiting";
}
