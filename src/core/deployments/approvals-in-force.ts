import type { Act } from "#core/model/act.ts";
import type { Person } from "#core/model/actor.ts";
import { sameEnvironment } from "./environment.ts";

/** Somebody's yes to one commit in one environment; whether it counts is the rule's question. */
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

/** The last word of each person on this commit here. `acts`, and what is answered: in the order in which they were said. Bound to the SHA: dates of commits say nothing. */
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
    // A clock that is ahead of this one wrote it down: a no counts all the same, a yes does not yet.
    if (act.at > now && act.kind !== "reject") continue;
    // Anew, so that the map keeps the order in which the last words were said.
    latest.delete(act.actor.id);
    latest.set(act.actor.id, act);
  }
  return [...latest.values()];
}

/** Approvals that stand now: one a person, taken back by the same person's /reject, gone when they ran out. */
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
