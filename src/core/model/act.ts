import type { Person } from "./actor.ts";

export const actKinds = [
  "approve",
  "reject",
  "hold",
  "unhold",
  "override",
  "confirm",
  "override_cancel",
  "freeze",
  "unfreeze",
  "rollback",
  "bypass",
  "review",
] as const;
export type ActKind = (typeof actKinds)[number];

/** The place of a comment among other comments, by GitHub's order. */
export interface CommentOrder {
  /** Epoch ms of GitHub's clock; of comments it tells whole seconds. */
  readonly at: number;
  /** GitHub numbers comments as they come in; null for what it numbers in no such way (a review, a button). */
  readonly comment: number | null;
}

/**
 * Something a person did with the gate (or, for `bypass`, around it), once authorised: never edited, never deleted.
 * What is in force now is computed from the acts by pure functions (holds, approvals, overrides, freezes).
 */
export interface Act {
  /** Says where it came from (`comment:123:0`, `label:…`, `environment-review:…`), so that a replay records nothing. */
  readonly id: string;
  readonly kind: ActKind;
  readonly repository: number;
  readonly pullRequest: number | null;
  readonly environment: string | null;
  /** The commit it is bound to; null where it binds to none (a freeze). */
  readonly sha: string | null;
  /** The override, rule or freeze it speaks of. */
  readonly name: string | null;
  readonly actor: Person;
  /** When it was carried out: what it did counts from then. Epoch ms. */
  readonly at: number;
  /** When it was written, which decides which of two acts came last even if its delivery was late. */
  readonly said?: CommentOrder | null | undefined;
  readonly expiresAt: number | null;
  readonly reason: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Whether the author is answered only after the next judgement, which decides if the act counted. */
export const isTallied = (act: Act): boolean => act.detail["tallied"] === true;
