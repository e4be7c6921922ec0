import type { Act } from "#core/model/act.ts";
import type { Person } from "#core/model/actor.ts";
import { sameEnvironment } from "./environment.ts";

/** An approval of one commit for one environment, by a person; the rule decides whether it counts. */
export interface Approval {
  readonly by: Person;
  /** Epoch ms; null where GitHub does not say when. */
  readonly at: number | null;
  readonly via: "command" | "rollback" | "environment review";
}

/** What is deployed where, and when that is asked. */
export interface DeploymentInstant {
  readonly environment: string;
  readonly sha: string;
  readonly now: number;
}

const words: readonly Act["kind"][] = ["approve", "rollback", "reject"];

/**
 * The newest approval or rejection of each person for this commit in this environment. `acts` and the result are in
 * the order in which people wrote them. Bound to the SHA, because the dates of commits can be forged.
 */
export function lastWords(
  acts: readonly Act[],
  { environment, sha, now }: DeploymentInstant,
): readonly Act[] {
  const latest = new Map<number, Act>();
  for (const act of acts) {
    if (
      !words.includes(act.kind) ||
      act.sha !== sha ||
      act.environment === null ||
      !sameEnvironment(act.environment, environment)
    )
      continue;
    // Recorded by a process whose clock is ahead of ours: a rejection counts at once, an approval only when its
    // time has come.
    if (act.at > now && act.kind !== "reject") continue;
    // Deleted first, so that the map is ordered by each person's newest act.
    latest.delete(act.actor.id);
    latest.set(act.actor.id, act);
  }
  return [...latest.values()];
}

/** Approvals in force now: one per person, withdrawn by the same person's /reject, dropped when they expire. */
export function approvalsInForce(
  acts: readonly Act[],
  place: DeploymentInstant,
): readonly Approval[] {
  return lastWords(acts, place)
    .filter((act) => act.kind !== "reject" && (act.expiresAt === null || act.expiresAt > place.now))
    .map((act) => ({
      by: act.actor,
      at: act.at,
      via: act.kind === "rollback" ? "rollback" : "command",
    }));
}
