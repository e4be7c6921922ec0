/** GitHub keeps deliveries for three days: what a webhook tells is no older. */
export const deliveredWithinMs = 3 * 86_400_000;

/** An instant that is this far ahead of us is no other clock: the two merely tick a little apart. */
const tickMs = 5 * 60_000;

export interface Clocks {
  /** This machine's clock (epoch ms). */
  readonly now: number;
  /** How far GitHub's clock is ahead of this machine's, by the `Date` of its answers (ms). */
  readonly ahead: number;
}

/**
 * An instant of GitHub's in the time of this machine, by which windows, bakes and expiries are judged. The clocks may be
 * far apart: of the readings that are possible, the youngest is taken; where none is, it happened when it was heard.
 * Never in the future: what has been said counts (a /freeze whose time is a second ahead of our clock holds).
 */
export function heardAt(said: number, { now, ahead }: Clocks, withinMs: number): number {
  const ages = [now - said, now - (said - ahead)]
    .filter((age) => age >= -tickMs && age <= withinMs)
    .map((age) => Math.max(0, age));
  return now - (ages.length === 0 ? 0 : Math.min(...ages));
}
