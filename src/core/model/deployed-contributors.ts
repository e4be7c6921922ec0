import type { Contributor } from "./contributor.ts";

export interface DeployedContributors {
  readonly contributors: readonly Contributor[];
  /** Names on commits that no account answers to; who opened and pushed is known all the same. */
  readonly unmapped: readonly string[];
  /** Commits of which nobody can say whose they are, each with the reason. Not empty: nobody is cleared. */
  readonly untold: readonly string[];
}
