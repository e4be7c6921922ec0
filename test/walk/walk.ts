import { runGatehouse, type Gatehouse } from "../e2e/harness.ts";
import { isUntold } from "./branch-moves.ts";
import { choose, people, repos, shepherd } from "./choose.ts";
import { perform, type Move } from "./moves.ts";
import { somePolicy } from "./policies.ts";
import { quiet } from "./quiet.ts";
import { seeded } from "./random.ts";

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

export function furnish({ sim }: Gatehouse): void {
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
  const made: Move[] = [];
  const differences: string[] = [];
  let [judged, unjudged, isLossy] = [0, 0, false];
  const step = async (move: Move): Promise<void> => {
    made.push(move);
    if (move.do === "lose" || move.do === "restart" || isUntold(move)) isLossy = true;
    if (move.do === "quiet") {
      const seen = await quiet(gatehouse, isLossy, patienceMs);
      isLossy = false;
      judged += seen.judged;
      unjudged += seen.unjudged;
      differences.push(...seen.differences);
      return;
    }
    try {
      await perform(gatehouse, move);
    } catch (error) {
      // A merge that conflicts, a pull request that is not queued: the world says no, and the walk goes on.
      if (!(error instanceof Error) || error.message.startsWith("simulator")) throw error;
      made.pop();
    }
  };
  try {
    furnish(gatehouse);
    if (trace === undefined) {
      for (const repo of repos) await step({ do: "policy", repo, text: somePolicy(random) });
      await step({ do: "quiet" });
      let next = 8 + random.below(8);
      for (let at = 0; at < steps && differences.length === 0; at += 1) {
        if (until !== undefined && Date.now() > until) break;
        for (const move of random.chance(20) ? shepherd(random, gatehouse.sim) : [])
          await step(move);
        await step(choose(random, gatehouse.sim, at));
        if (gatehouse.oracle.differences.length > 0) break;
        if (at === next) {
          await step({ do: "quiet" });
          next += 8 + random.below(12);
        }
      }
      await step({ do: "quiet" });
    } else for (const move of trace) await step(move);
    differences.push(...gatehouse.oracle.differences);
    const alike = new Set(differences);
    differences.splice(0, differences.length, ...alike);
  } finally {
    // What was found is told by the walk itself.
    gatehouse.oracle.differences.length = 0;
    gatehouse.oracle.raced.length = 0;
    await gatehouse.stop();
  }
  const { greens, approvals, raced } = gatehouse.oracle.counts;
  return {
    seed,
    steps: made.length,
    greens,
    approvals,
    judged,
    unjudged: unjudged + gatehouse.oracle.counts.unjudged,
    raced,
    differences,
    trace: made,
  };
}
