import type { FreezeByPerson } from "#core/model/freeze.ts";
import { matchesName } from "#core/formats/glob.ts";
import type { Act } from "#core/model/act.ts";
import { sameEnvironment } from "./environment.ts";

const numberOf = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;

/**
 * What an act of kind `freeze` says: `environment`, `name`, `reason`, and in `detail` `{from, until}` (epoch ms, null
 * for now and for ever). An act without an environment freezes every one: what cannot be read never opens.
 */
function read(act: Act, now: number): FreezeByPerson {
  const environment = act.environment ?? "**";
  return {
    name: act.name ?? environment,
    environment,
    from: numberOf(act.detail["from"]) ?? Math.min(act.at, now),
    until: numberOf(act.detail["until"]) ?? act.expiresAt,
    reason: act.reason,
    by: act.actor,
  };
}

/** What an act of kind `unfreeze` lifts: every freeze of its environment, of its name, or of both where it says both. */
export interface Lifted {
  readonly environment: string | null;
  readonly name: string | null;
}

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/**
 * Whether an unfreeze that names an environment, a name or both lifts the freeze. Acts of earlier versions kept one
 * value that could be either.
 */
export function isLifted(
  { environment, name }: Lifted,
  freeze: Pick<FreezeByPerson, "name" | "environment">,
): boolean {
  if (environment === null && name === null) return false;
  return (
    (environment === null || sameEnvironment(environment, freeze.environment)) &&
    (name === null || sameName(name, freeze.name))
  );
}

function lifts(unfreeze: Act, freeze: FreezeByPerson): boolean {
  if (unfreeze.detail["exact"] === true) return isLifted(unfreeze, freeze);
  return (
    isLifted({ environment: unfreeze.environment, name: null }, freeze) ||
    isLifted({ environment: unfreeze.name, name: null }, freeze) ||
    isLifted({ environment: null, name: unfreeze.name }, freeze)
  );
}

/**
 * Freezes on now or to come, not lifted by what was said after them and not over. `acts`: in the order in which they were said.
 * What was said counts whatever its time: the clock that wrote it down may be ahead of this one.
 */
export function freezesInForce(acts: readonly Act[], now: number): readonly FreezeByPerson[] {
  return acts.flatMap((act, index) => {
    if (act.kind !== "freeze") return [];
    const freeze = read(act, now);
    const isOver = freeze.until !== null && freeze.until <= now;
    const isUp = acts
      .slice(index + 1)
      .some((later) => later.kind === "unfreeze" && lifts(later, freeze));
    return isOver || isUp ? [] : [freeze];
  });
}

export function freezesEnvironment(freeze: FreezeByPerson, environment: string): boolean {
  return (
    sameEnvironment(freeze.environment, environment) ||
    matchesName(freeze.environment, environment, { ignoreCase: true })
  );
}
