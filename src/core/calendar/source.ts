import type { Budget } from "./budget.ts";

/**
 * A set of half-open intervals that can be asked for piece by piece: one time form, or one calendar.
 * Role-dependent ambiguity (docs/policy-language.md, Time) is settled when a source is made.
 */
export interface Source {
  /**
   * Adds every interval that touches [from, until), in any order, overlaps allowed. Returns why the answer is not
   * complete, in words for a person, when it is not; the caller must then fail closed. Takes what it costs from
   * `budget`, and depends on its arguments only.
   */
  readonly fill: (
    from: number,
    until: number,
    add: (start: number, end: number) => void,
    budget: Budget,
  ) => string | undefined;
  /** What it is called where it costs more than a question may: a calendar file. */
  readonly name?: string | undefined;
  /** What is on at an instant, in the words of the calendar's author (hostile input, already reduced to plain letters). */
  readonly labelAt?: (at: number) => string | undefined;
}

/**
 * What the interval is for. A local time that a clock change repeats is the second occurrence for a window's start and
 * the first for its end; the first for a freeze's start and the second for its end: ambiguity never widens permission.
 */
export type Role = "opens" | "closes";

export const occurrenceOfStart = { opens: "second", closes: "first" } as const;
export const occurrenceOfEnd = { opens: "first", closes: "second" } as const;

/** A source that cannot be read at all. */
export function unreadableSource(because: string): Source {
  return { fill: () => because };
}

/** All of a source or nothing: what opens must not be opened by the readable half of a file whose other half may take it back. */
export function wholeOnly(source: Source): Source {
  return {
    ...source,
    fill: (from, until, add, budget) => {
      const found: number[] = [];
      const because = source.fill(
        from,
        until,
        (start, end) => {
          found.push(start, end);
        },
        budget,
      );
      if (because !== undefined) return because;
      for (let index = 0; index < found.length; index += 2)
        add(found[index] ?? 0, found[index + 1] ?? 0);
      return undefined;
    },
  };
}
