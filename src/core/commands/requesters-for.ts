import type { Act } from "#core/model/act.ts";
import type { Person } from "#core/model/actor.ts";
import { askedIn } from "#core/overrides/request.ts";
import type { Call } from "./command.ts";

/** Who asked for the deployment that the request is for, as far as that was looked at. */
export function requestersFor(
  { requesters }: Pick<Call, "requesters">,
  act: Act,
): readonly Person[] {
  const meant = askedIn(act).deployment ?? null;
  return meant === null ? [] : (requesters?.get(meant.id) ?? []);
}
