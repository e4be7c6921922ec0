import type { Actors } from "#core/model/actor.ts";
import { count, either } from "#core/text/phrases.ts";
import { actorNames } from "#core/people/who-is-among.ts";
import { countedActors, type ReviewsParams, totalOf } from "./params.ts";

/** "2 approvals", "1 approval from @acme/security". */
export function approvalsFrom(n: number, actors: Actors, owner: string, more = false): string {
  const noun = more ? `${n} more ${n === 1 ? "approval" : "approvals"}` : count(n, "approval");
  const names = isJustWriters(actors) ? [] : actorNames(actors, owner);
  return names.length === 0 ? noun : `${noun} from ${either(names)}`;
}

/** The `required` column. `owner` is empty where the organisation is not known. */
export function requiredReviews(params: ReviewsParams, owner: string): string {
  const total = totalOf(params);
  const parts = [
    ...(total === 0 ? [] : [approvalsFrom(total, countedActors(params), owner)]),
    ...(params.each ?? []).map((entry) => approvalsFrom(entry.approvals, entry, owner)),
    ...(params.code_owners ? ["an owner of each owned file"] : []),
    ...(params.resolved_threads ? ["all threads resolved"] : []),
    ...(params.block_on_changes_requested ? ["no request for changes"] : []),
  ];
  return parts.length === 0 ? "nothing" : parts.join(", ");
}

const isJustWriters = ({ users, teams, roles }: Actors): boolean =>
  users === undefined &&
  teams === undefined &&
  roles !== undefined &&
  roles.length === 1 &&
  roles[0] === "write";
