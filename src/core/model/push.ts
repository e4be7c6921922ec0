import type { Person } from "./actor.ts";

/** A move of a branch, or of a pull request's head (`refs/pull/N/head`), as a webhook told it. */
export interface PushSeen {
  readonly ref: string;
  /** null: the branch was made, or the pull request opened, with this; or it is simply what was found there first. */
  readonly before: string | null;
  readonly after: string;
  readonly kind: "creation" | "push" | "force_push" | "first_seen";
  /** null: the payload names nobody. */
  readonly by: Person | null;
  /** When it came to us (epoch ms). */
  readonly at: number;
}
