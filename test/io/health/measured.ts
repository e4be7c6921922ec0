/** What was measured, under names that are queries too: by line, a value every 15 seconds of the last 40 minutes. */
export interface Measured {
  readonly name: string;
  /** By line, the value at so many minutes before now; undefined: none was taken. */
  readonly lines: readonly ((minutesAgo: number) => number | undefined)[];
}

export const measured: readonly Measured[] = [
  { name: "good", lines: [() => 0] },
  { name: "bad_now", lines: [(ago) => (ago < 4 ? 1 : 0)] },
  { name: "bad_before", lines: [(ago) => (ago > 10 && ago < 20 ? 1 : 0)] },
  { name: "with_gap", lines: [(ago) => (ago > 10 && ago < 22 ? undefined : 0)] },
  { name: "one_of_two", lines: [() => 0, () => 1] },
  { name: "one_gone", lines: [() => 0, (ago) => (ago < 12 ? undefined : 0)] },
  { name: "all_gone", lines: [(ago) => (ago < 12 ? undefined : 0)] },
  { name: "young", lines: [(ago) => (ago < 12 ? 0 : undefined)] },
];

export const everyMs = 15_000;
export const longMs = 40 * 60_000;

/** Instants and values of a line, oldest first. */
export function samplesOf(
  line: Measured["lines"][number],
  now: number,
): readonly { readonly at: number; readonly value: number }[] {
  const last = Math.floor(now / everyMs) * everyMs;
  return Array.from(
    { length: longMs / everyMs },
    (_none, index) => last - longMs + (index + 1) * everyMs,
  )
    .map((at) => ({ at, value: line((now - at) / 60_000) }))
    .filter((each): each is { at: number; value: number } => each.value !== undefined);
}
