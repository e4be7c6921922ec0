import type { Clock } from "#core/ports/system.ts";

const windowMs = 60_000;
const mostPeople = 10_000;

/** Commands, buttons and forms of one person: more in a minute is not looked at. */
export const mostCommandsAMinute = 30;

export interface Pace {
  /** false: this person has said too much within a minute. */
  readonly allows: (person: string) => boolean;
}

/** Counts what each person asks for; what is too much is not looked at, and so costs nothing (threat T50). */
export function createPace(clock: Clock, mostAMinute: number): Pace {
  const said = new Map<string, number[]>();
  return {
    allows: (person) => {
      const now = clock.now();
      const recent = (said.get(person) ?? []).filter((at) => now - at < windowMs);
      said.delete(person);
      if (recent.length < mostAMinute) recent.push(now);
      else {
        said.set(person, recent);
        return false;
      }
      said.set(person, recent);
      for (const oldest of said.keys()) {
        if (said.size <= mostPeople) break;
        said.delete(oldest);
      }
      return true;
    },
  };
}
