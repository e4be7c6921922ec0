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
function read(act: Act): FreezeByPerson {
  const environment = act.environment ?? "**";
  return {
    name: act.name ?? environment,
    environment,
    from: numberOf(act.detail["from"]) ?? act.at,
    until: numberOf(act.detail["until"]) ?? act.expiresAt,
    reason: act.reason,
    by: act.actor,
  };
}

/** An /unfreeze names a freeze or an environment, and lifts what was recorded before it. */
function lifts(unfreeze: Act, act: Act, freeze: FreezeByPerson): boolean {
  if (unfreeze.at < act.at) return false;
  const said = [unfreeze.name, unfreeze.environment].filter((word) => word !== null);
  return said.some(
    (word) =>
      word.toLowerCase() === freeze.name.toLowerCase() || sameEnvironment(word, freeze.environment),
  );
}

/** Freezes on now or to come, not lifted and not over, oldest first. */
export function freezesInForce(acts: readonly Act[], now: number): readonly FreezeByPerson[] {
  const unfreezes = acts.filter((act) => act.kind === "unfreeze" && act.at <= now);
  return acts
    .filter((act) => act.kind === "freeze" && act.at <= now)
    .flatMap((act) => {
      const freeze = read(act);
      const isOver = freeze.until !== null && freeze.until <= now;
      return isOver || unfreezes.some((unfreeze) => lifts(unfreeze, act, freeze)) ? [] : [freeze];
    });
}

export function freezesEnvironment(freeze: FreezeByPerson, environment: string): boolean {
  return (
    sameEnvironment(freeze.environment, environment) ||
    matchesName(freeze.environment, environment, { ignoreCase: true })
  );
}
