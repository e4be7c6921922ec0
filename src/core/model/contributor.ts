import type { Person } from "./actor.ts";

/** A contributor to a change and what they did: the first thing found is kept. */
export interface Contributor {
  readonly person: Person;
  readonly did: string;
}
