import { z } from "zod";

/** A day by the clock, whatever a zone makes of it. */
export const dayMs = 86_400_000;

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: dayMs, w: 604_800_000 } as const;
const wholeDuration = /^(?:\d{1,6}[wdhms]){1,5}$/;
const durationPart = /(\d{1,6})([wdhms])/g;
/** Longer than any deployment, waiver or bake makes sense of; keeps sums far from the edge of exact integers. */
const longestMs = 10 * 366 * unitMs.d;

/** Milliseconds of `30m`, `4h`, `2d` or a sum such as `1h30m`; undefined when it is not a duration. */
export function parseDuration(text: string): number | undefined {
  if (!wholeDuration.test(text)) return undefined;
  const seen = new Set<string>();
  let total = 0;
  for (const [, amount, unit] of text.matchAll(durationPart)) {
    if (amount === undefined || unit === undefined || seen.has(unit)) return undefined;
    seen.add(unit);
    total += Number(amount) * unitMs[unit as keyof typeof unitMs];
  }
  return total <= longestMs ? total : undefined;
}

/** A duration as a policy writes it, zero allowed (`bake: 0m`); the parsed value stays the text. */
export const durationSchema = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, {
    error: "not a duration: write a number and a unit, such as 30m, 4h or 2d (at most 10 years)",
  })
  .meta({ description: "A duration such as 30m, 4h, 2d or 1h30m.", examples: ["4h", "2d"] });

/** Like `durationSchema`, but longer than nothing. */
export const positiveDurationSchema = durationSchema.refine((text) => parseDuration(text) !== 0, {
  error: "lasts no time at all: write at least 1m",
});

/** `5400000` → `1h30m`, the way a policy would write it; below a second `0m`. */
export function formatDuration(ms: number): string {
  let rest = Math.max(0, Math.floor(ms / 1_000)) * 1_000;
  let text = "";
  for (const unit of ["d", "h", "m", "s"] as const) {
    const amount = Math.floor(rest / unitMs[unit]);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * unitMs[unit];
  }
  return text === "" ? "0m" : text;
}
