import type { Clock } from "#core/ports/system.ts";

/** GitHub's clock, by which JWTs, token expiry and limit resets are dated, not by this machine's. */
export interface ServerTime {
  readonly now: () => number;
  /** Turns an instant of GitHub's into one of this machine's clock. */
  readonly toLocal: (serverInstant: number) => number;
  readonly observe: (dateHeader: string | null) => void;
}

/** `Date` has whole seconds and travelled over the network: less than this is not skew. */
const noise = 2_000;

export function createServerTime(clock: Clock): ServerTime {
  let offset = 0;
  return {
    now: () => clock.now() + offset,
    toLocal: (serverInstant) => serverInstant - offset,
    observe: (dateHeader) => {
      const said = dateHeader === null ? Number.NaN : Date.parse(dateHeader);
      if (Number.isNaN(said)) return;
      const difference = said - clock.now();
      offset = Math.abs(difference) <= noise ? 0 : difference;
    },
  };
}
