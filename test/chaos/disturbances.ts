import type { Move } from "../walk/moves.ts";
import type { Random } from "../walk/random.ts";

/** How a call of GitHub's API goes wrong. */
export type Trouble =
  | "500"
  | "502"
  | "forbidden"
  | "limited"
  | "throttled"
  | "hangs"
  | "answer lost"
  | "slow"
  | "partial";

/** Something that goes wrong around the gate, as data: a trace of them is played again. What lasts ends by itself. */
export type Disturbance =
  | { readonly do: "kill" | "end"; readonly nth: number; readonly backAfterMs: number }
  | { readonly do: "suspend"; readonly nth: number; readonly forMs: number }
  | { readonly do: "database down"; readonly forMs: number }
  | { readonly do: "database slow"; readonly byMs: number; readonly forMs: number }
  | { readonly do: "database cut" }
  /** Another server, which has followed this one word by word, takes over; nobody answers for a while. */
  | { readonly do: "database fails over"; readonly forMs: number }
  /** The clock of a process is from now on so far before the machine's; GitHub's is from the beginning. */
  | { readonly do: "clock apart"; readonly of: number | "GitHub"; readonly aheadMs: number }
  | {
      readonly do: "trouble";
      readonly trouble: Trouble;
      readonly calls: "reads" | "writes" | "graphql" | "all";
      readonly times: number;
    }
  | { readonly do: "latency"; readonly ms: number; readonly forMs: number };

type Choice = (random: Random) => Disturbance | Move;

const often = (times: number, choice: Choice): readonly Choice[] => Array(times).fill(choice);

const choices: readonly Choice[] = [
  ...often(5, (random) => ({
    do: "kill",
    nth: random.below(3),
    backAfterMs: random.below(4_000),
  })),
  ...often(2, (random) => ({ do: "end", nth: random.below(3), backAfterMs: random.below(1_000) })),
  // Now and then longer than a lease lasts: whoever comes back finds others at its work.
  ...often(4, (random) => ({
    do: "suspend",
    nth: random.below(3),
    forMs: random.chance(25) ? 16_000 + random.below(4_000) : 200 + random.below(5_000),
  })),
  ...often(2, (random) => ({ do: "database down", forMs: 200 + random.below(4_000) })),
  ...often(2, (random) => ({
    do: "database slow",
    byMs: 5 + random.below(60),
    forMs: 500 + random.below(6_000),
  })),
  ...often(1, () => ({ do: "database cut" })),
  ...often(1, (random) => ({ do: "database fails over", forMs: random.below(3_000) })),
  ...often(2, (random) => ({
    do: "clock apart",
    of: random.below(3),
    aheadMs: (random.below(9) - 4) * 60_000,
  })),
  ...often(9, (random) => ({
    do: "trouble",
    trouble: random.one([
      ...(["500", "502", "forbidden", "limited", "throttled"] as const),
      ...(["hangs", "answer lost", "answer lost", "slow", "partial"] as const),
    ]),
    calls: random.one(["reads", "writes", "writes", "graphql", "all"]),
    times: 1 + random.below(8),
  })),
  ...often(1, (random) => ({
    do: "latency",
    ms: 20 + random.below(200),
    forMs: 500 + random.below(5_000),
  })),
  ...often(3, (random) => ({
    do: "lose",
    times: 1 + random.below(6),
    isSilent: random.chance(50),
  })),
  ...often(2, (random) => ({ do: "double", times: 1 + random.below(6) })),
  ...often(2, (random) => ({
    do: "late",
    times: 1 + random.below(6),
    ms: 200 + random.below(4_000),
  })),
  ...often(1, () => ({ do: "hold" })),
  ...often(2, (random) => ({
    do: "release",
    order: random.one(["kept", "reversed", "shuffled"]),
  })),
];

export const disturbance: Choice = (random) => random.any(choices)?.(random) ?? { do: "sweep" };

/** Clocks that are minutes apart from the beginning: each process's, and GitHub's. */
export const clocksApart = (random: Random, processes: number): readonly Disturbance[] =>
  (["GitHub", ...Array(processes).keys()] as const).map((of) => ({
    do: "clock apart",
    of,
    aheadMs: (random.below(9) - 4) * 60_000,
  }));
