import type { Simulator } from "@gatehouse/github-simulator";
import { runGatehouse } from "../e2e/harness.ts";
import { isUntold } from "./branch-moves.ts";
import { choose, people, repos, shepherd } from "./choose.ts";
import { perform, type Move } from "./moves.ts";
import { somePolicy } from "./policies.ts";
import { quiet } from "./quiet.ts";
import { seeded } from "./random.ts";
import { stroll } from "./stroll.ts";

export interface Walked {
  readonly seed: number;
  readonly steps: number;
  readonly greens: number;
  readonly approvals: number;
  readonly judged: number;
  readonly unjudged: number;
  readonly raced: number;
  readonly differences: readonly string[];
  readonly trace: readonly Move[];
}

export interface WalkOptions {
  readonly seed: number;
  readonly steps: number;
  /** Ends the walk early, between two steps. */
  readonly until?: number;
  /** Plays these moves instead of choosing any. */
  readonly trace?: readonly Move[];
  readonly patienceMs?: number;
}

export function furnish(sim: Simulator): void {
  sim.app({ slug: "ci" });
  sim.org({ login: "acme", owner: "frank", members: people.filter((one) => one !== "frank") });
  sim.team({ org: "acme", slug: "core", members: ["bob", "carol"] });
  sim.team({ org: "acme", slug: "release", members: ["carol", "dora"] });
  sim.team({ org: "acme", slug: "commanders", members: ["bob", "dora"] });
  sim.repo({ name: "acme/.github", files: { "README.md": "home\n" }, by: "frank" });
  for (const repo of repos) {
    sim.repo({
      name: repo,
      files: { "src/a.ts": "1\n", "src/b.ts": "1\n", "docs/c.md": "1\n" },
      by: "frank",
    });
    sim.createBranch({ repo, branch: "dev" });
    sim.createBranch({ repo, branch: "release/1" });
    for (const login of ["ada", "bob", "carol", "dora"])
      sim.collaborator({ repo, login, role: "write" });
    for (const name of ["production", "staging"]) sim.environment({ repo, name, gate: true });
  }
}

/** One walk of one seed: a world, its people, and a gate that has to keep up with them. */
export async function walk({
  seed,
  steps,
  until,
  trace,
  patienceMs = 20_000,
}: WalkOptions): Promise<Walked> {
  const random = seeded(seed);
  // Every walk begins on the same Monday: what a policy says of hours is the same when a trace is played again.
  const gatehouse = await runGatehouse({ simulator: { seed }, startsAt: Date.UTC(2027, 2, 1, 10) });
  const { sim, oracle } = gatehouse;
  let isLossy = false;
  try {
    furnish(sim);
    const { made, ...seen } = await stroll<Move>({
      steps,
      until,
      trace,
      first: repos.map((repo) => ({ do: "policy", repo, text: somePolicy(random) })),
      next: function* (at) {
        if (random.chance(20)) yield* shepherd(random, sim);
        yield choose(random, sim, at);
      },
      apart: () => 8 + random.below(12),
      perform: (move) => {
        if (move.do === "lose" || move.do === "restart" || isUntold(move)) isLossy = true;
        return perform(gatehouse, move);
      },
      look: () => {
        const wasLossy = isLossy;
        isLossy = false;
        return quiet(gatehouse, wasLossy, patienceMs);
      },
      differences: () => oracle.differences,
    });
    const { greens, approvals, raced, unjudged } = oracle.counts;
    return {
      seed,
      steps: made.length,
      greens,
      approvals,
      judged: seen.judged,
      unjudged: seen.unjudged + unjudged,
      raced,
      differences: seen.differences,
      trace: made,
    };
  } finally {
    // What was found is told by the walk itself.
    oracle.differences.length = 0;
    oracle.raced.length = 0;
    await gatehouse.stop();
  }
}
