import type { Evidence } from "#core/model/evidence.ts";
import { pending, unknown, type Verdict } from "#core/model/verdict.ts";
import { commandSpan } from "#core/text/command-text.ts";
import { short } from "#core/text/phrases.ts";
import { instant } from "#core/text/time.ts";
import { askedAgain } from "../health/phrases.ts";
import type { RingHealth } from "./ring-health.ts";

export interface ClosedRing {
  readonly found: string;
  readonly required: string;
  readonly evidence: readonly Evidence[];
  readonly environment: string;
  readonly sha: string;
  readonly bakesUntil?: number;
}

/** The need of a deployment that a ring which turned unhealthy keeps from opening. */
export const turnedUnhealthy = (environment: string, sha: string): string =>
  `${environment} turned unhealthy while ${short(sha)} baked there`;

/** What an environment that is not well closes. Never a fail: a further deployment there, or time, can turn it. */
export function unhealthyRing(
  ring: Exclude<RingHealth, { kind: "healthy" }>,
  { found, required, evidence, environment, sha, bakesUntil }: ClosedRing,
): Verdict {
  const parts = { found, required, evidence };
  const wakes = bakesUntil === undefined ? {} : { changesAt: bakesUntil };
  switch (ring.kind) {
    case "unhealthy":
      return pending({
        ...parts,
        need: turnedUnhealthy(environment, sha),
        next: `Somebody who may approve there goes back with ${commandSpan("rollback", environment, "<reason>")} and deploys what ran there before; or somebody deploys ${short(sha)} to ${environment} again, which begins its bake anew.`,
      });
    case "unknown":
      return unknown({
        ...parts,
        need: `Whether ${environment} is healthy cannot be asked`,
        next: askedAgain,
        ...wakes,
      });
    case "no data":
      return pending({
        ...parts,
        need: `There is no data on whether ${environment} is healthy`,
        next: `${askedAgain} A part of the bake that was not measured is made up for by deploying ${short(sha)} to ${environment} again.`,
        ...wakes,
      });
    case "unwell":
      return pending({
        ...parts,
        need: `${environment} is not healthy`,
        next: askedAgain,
        ...wakes,
      });
    case "unseen":
      return pending({
        ...parts,
        need: `The end of the bake in ${environment} was not measured yet`,
        next: `Gatehouse judges again by itself at ${instant(ring.askAgainAt)}.`,
        changesAt: ring.askAgainAt,
      });
  }
}
