import type { Clock } from "#core/ports/system.ts";
import { GitHubError } from "./github-error.ts";

/** Keeps a host that swallows connections from holding every worker for the length of a time-out. */
export interface Breaker {
  /** Throws "unavailable" while the host is left alone. */
  readonly pass: () => void;
  readonly answered: () => void;
  /** A time-out or a broken connection. An answer, even a 500, is not one. */
  readonly silent: () => void;
  readonly isOpen: () => boolean;
}

const threshold = 5;
const shortestRest = 2_000;
const longestRest = 30_000;

export function createBreaker(clock: Clock): Breaker {
  let silences = 0;
  let rest = shortestRest;
  let openUntil = 0;
  let probing = false;
  return {
    pass: () => {
      if (openUntil === 0) return;
      if (clock.now() < openUntil || probing) {
        throw new GitHubError(
          "unavailable",
          "GitHub did not answer the last requests; it is left alone for a moment",
          { retryAt: Math.max(openUntil, clock.now() + 1_000) },
        );
      }
      probing = true;
    },
    answered: () => {
      silences = 0;
      rest = shortestRest;
      openUntil = 0;
      probing = false;
    },
    silent: () => {
      silences += 1;
      if (probing) rest = Math.min(rest * 2, longestRest);
      if (probing || (silences >= threshold && openUntil === 0)) openUntil = clock.now() + rest;
      probing = false;
    },
    isOpen: () => openUntil !== 0,
  };
}
