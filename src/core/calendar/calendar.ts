import type { Role, Source } from "./source.ts";
import type { Zone } from "./zone.ts";

/** The days that a calendar covers from midnight to midnight, or why that cannot be said. */
export interface WholeDays {
  readonly days: ReadonlySet<number>;
  readonly unknown: string | undefined;
}

/** A named calendar, ready to be asked: as a set of intervals, or as a set of holidays. */
export interface Calendar {
  readonly sourceFor: (role: Role) => Source;
  /** Days in [firstDay, lastDay]. All-day events count on their own dates; a timed event counts where it covers the whole local day of `zone`. */
  readonly wholeDays: (firstDay: number, lastDay: number, zone: Zone) => WholeDays;
}
