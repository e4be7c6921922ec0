/** How much was spent in the last `lengthMs`, and how long to wait until `points` more fit. Bursts up to the limit are free. */
export interface Window {
  /** 0: fits now. Otherwise ms to wait. */
  readonly waitFor: (points: number, now: number) => number;
  readonly spend: (points: number, now: number) => void;
}

export function createWindow(limit: number, lengthMs: number): Window {
  let spent: { readonly at: number; readonly points: number }[] = [];
  let sum = 0;
  const forget = (now: number): void => {
    let gone = 0;
    for (const entry of spent) {
      // An entry of the future is left over from a clock that was set back.
      if (entry.at > now - lengthMs && entry.at <= now + lengthMs) break;
      sum -= entry.points;
      gone += 1;
    }
    if (gone > 0) spent = spent.slice(gone);
  };
  return {
    waitFor: (points, now) => {
      forget(now);
      let left = sum + points - limit;
      if (left <= 0) return 0;
      for (const entry of spent) {
        left -= entry.points;
        if (left <= 0) return Math.max(1, entry.at + lengthMs - now);
      }
      return lengthMs;
    },
    spend: (points, now) => {
      spent.push({ at: now, points });
      sum += points;
    },
  };
}
