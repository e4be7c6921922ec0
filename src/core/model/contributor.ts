import type { Person } from "./actor.ts";

/** Somebody who had a hand in a change, and which: the first thing found is kept. */
export interface Contributor {
  readonly person: Person;
  readonly did: string;
}
