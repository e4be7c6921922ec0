import type { Generated, Selectable } from "kysely";

export interface QueueTable {
  readonly key: string;
  readonly kind: string;
  readonly payload: string;
  /** Rows of one share (a repository) share the workers fairly with others, as installations do. */
  readonly share: string;
  readonly priority: number;
  readonly state: "waiting" | "leased" | "dead";
  /** waiting: when it may run; leased: when the lease ends; dead: null. */
  readonly due_at: number | null;
  /** Marks not yet run, see `due-times.ts`. */
  readonly firm_at: number | null;
  readonly settling_at: number | null;
  readonly settling_since: number | null;
  readonly settling_last: number | null;
  readonly attempts: number;
  readonly error: string | null;
  readonly owner: string | null;
  readonly generation: number;
  /** Of the tries, those that failed for reasons of our own or took their process with them. */
  readonly faults: Generated<number>;
}

export type QueueRow = Selectable<QueueTable>;

export interface CounterTable {
  readonly name: string;
  readonly value: number;
}
