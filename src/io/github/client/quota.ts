import type { Urgency } from "./urgency.ts";

/** What GitHub says of an hour's quota. `resetAt`: epoch ms of this machine's clock. */
export interface Quota {
  readonly limit: number;
  readonly remaining: number;
  readonly resetAt: number;
}

/** The share of a limit that is kept back from work of an urgency, for what is more urgent. */
export const reserved: Readonly<Record<Urgency, number>> = { first: 0, usual: 0.1, routine: 0.25 };

/** Answers overtake each other: of one hour the least that is left is believed. */
export function newer(known: Quota | undefined, said: Quota): Quota {
  if (known === undefined || said.resetAt > known.resetAt + 1_000) return said;
  if (said.resetAt < known.resetAt - 1_000) return known;
  return said.remaining < known.remaining ? said : known;
}

/** How long work of this urgency has to leave the rest of the hour to others; 0: not at all. */
export function withheldFor(quota: Quota | undefined, urgency: Urgency, now: number): number {
  if (quota === undefined || quota.resetAt <= now) return 0;
  return quota.remaining > quota.limit * reserved[urgency] ? 0 : quota.resetAt - now;
}
