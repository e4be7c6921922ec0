import type { Clock } from "#core/ports/system.ts";

const windowMs = 60_000;
const mostPeople = 10_000;
/** Of one person; GitHub lets nobody write so much within an hour. */
const mostKept = 2_000;

/** Commands, buttons and forms of one person within a minute. */
export const mostCommandsAMinute = 30;

export interface Pace {
  /** false: this person has said too much within a minute. */
  readonly allows: (person: string) => boolean;
  /**
   * When what was said at `at` (epoch ms) is within the pace: then, or so much later. By when it was said, not by when
   * it came: what was said over an hour and came at once is no flood.
   */
  readonly turnOf: (person: string, at: number) => number;
}

/** Counts what each person asks for; what is too much waits, or is not looked at, and so costs nothing (threat T50). */
export function createPace(clock: Clock, mostAMinute: number): Pace {
  const said = new Map<string, readonly number[]>();

  /** When it would be its turn, and the instants before it. */
  function place(person: string, from: number): { at: number; before: readonly number[] } {
    const before = said.get(person) ?? [];
    let at = from;
    for (;;) {
      const since = at - windowMs;
      const recent = before.filter((each) => each > since && each <= at);
      const first = recent[recent.length - mostAMinute];
      if (first === undefined) return { at, before };
      at = first + windowMs;
    }
  }

  function note(person: string, at: number, before: readonly number[]): void {
    // The last in the map is the person who spoke last.
    said.delete(person);
    said.set(person, [...before, at].sort((a, b) => a - b).slice(-mostKept));
    for (const oldest of said.keys()) {
      if (said.size <= mostPeople) break;
      said.delete(oldest);
    }
  }

  return {
    allows: (person) => {
      const now = clock.now();
      const { at, before } = place(person, now);
      if (at > now) return false;
      note(
        person,
        at,
        before.filter((each) => now - each < windowMs),
      );
      return true;
    },
    turnOf: (person, from) => {
      const { at, before } = place(person, from);
      note(person, at, before);
      return at;
    },
  };
}
