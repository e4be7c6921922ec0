import type { Person } from "./actor.ts";

/**
 * A named, reasoned, time-boxed allowance over unmet verdicts, bound to one head commit.
 * Instants are epoch ms.
 */
export interface Override {
  readonly id: string;
  readonly name: string;
  readonly rules: readonly string[];
  readonly sha: string;
  readonly by: Person;
  readonly confirmedBy: readonly Person[];
  readonly reason: string;
  readonly ticket?: string | undefined;
  readonly grantedAt: number;
  readonly expiresAt: number;
}
