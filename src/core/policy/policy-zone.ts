import type { EffectivePolicy } from "./effective.ts";

/** The time zone to show instants in: the one that the policy's windows, calendars and freezes name most often. */
export function policyZone({
  windows,
  calendars,
  freezes,
}: Pick<EffectivePolicy, "windows" | "calendars" | "freezes">): string | undefined {
  const named = new Map<string, number>();
  for (const { timezone } of [...Object.values(windows), ...Object.values(calendars), ...freezes])
    named.set(timezone, (named.get(timezone) ?? 0) + 1);
  // Sorting is stable, so of equals the first in the text is taken.
  return [...named].sort(([, a], [, b]) => b - a)[0]?.[0];
}
