import type { Person } from "./actor.ts";

/** A freeze that a person made with /freeze. Instants are epoch ms; `until` null: until further notice. */
export interface FreezeByPerson {
  readonly name: string;
  /** An environment, or a glob over environments. */
  readonly environment: string;
  readonly from: number;
  readonly until: number | null;
  readonly reason: string;
  readonly by: Person;
}
