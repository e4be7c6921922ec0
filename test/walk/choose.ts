import type { Simulator } from "@gatehouse/github-simulator";
import { chooseOnBranches } from "./branch-moves.ts";
import { repoOf, type Move } from "./moves.ts";
import { somePolicy } from "./policies.ts";
import type { Random } from "./random.ts";

export const people = ["ada", "bob", "carol", "dora", "eve", "frank"] as const;
export const repos = ["acme/one", "acme/two"] as const;
const bases = ["main", "main", "main", "dev", "release/1"] as const;
const conclusions = ["success", "success", "success", "failure", "skipped", "cancelled"] as const;
const titles = ["feat: a", "fix: b", "docs: c", "chore: d"] as const;

type Choice = (random: Random, sim: Simulator, step: number) => Move | undefined;

const onPull =
  (
    make: (
      random: Random,
      at: { readonly repo: string; readonly number: number },
      step: number,
      sim: Simulator,
    ) => Move | undefined,
    wants: "open" | "any" | "queued" = "open",
  ): Choice =>
  (random, sim, step) => {
    const repo = random.one(repos);
    const { pulls, issues } = repoOf(sim, repo);
    const fit = [...pulls.values()].filter((pull) =>
      wants === "any"
        ? true
        : wants === "queued"
          ? pull.queue !== null
          : issues.get(pull.number)?.state === "open",
    );
    // The newest ones are where things happen.
    const pull = random.any(fit.slice(-4));
    return pull === undefined ? undefined : make(random, { repo, number: pull.number }, step, sim);
  };

const open: Choice = (random, _sim, step) => ({
  do: "open",
  repo: random.one(repos),
  by: random.one(["ada", "ada", "bob", "carol"]),
  head: `topic-${step}`,
  base: random.one(bases),
  title: random.one(titles),
  path: random.one(["src/a.ts", "src/b.ts", "docs/c.md"]),
});

const push: Choice = (random, sim, step) => {
  const repo = random.one(repos);
  const { pulls, issues } = repoOf(sim, repo);
  const pull = random.any(
    [...pulls.values()].filter((one) => issues.get(one.number)?.state === "open").slice(-4),
  );
  const author = random.one(["ada", "ada", "bob", "carol"]);
  return {
    do: "push",
    repo,
    branch: random.chance(12) ? random.one(["main", "dev"]) : (pull?.headRef ?? "main"),
    by: random.chance(20) ? random.one(people) : author,
    author,
    path: random.one(["src/a.ts", "src/b.ts", "docs/c.md"]),
    text: `${step}\n`,
    ...(random.chance(20) ? { coauthor: random.one(people) } : {}),
    ...(random.chance(15) && pull !== undefined ? { force: true, branch: pull.headRef } : {}),
  };
};

/** An instant in minutes from now, as people write it. */
const inMinutes = (sim: Simulator, minutes: number): string =>
  new Date(sim.now() + minutes * 60_000).toISOString().replace(/\.\d+Z$/, "Z");

const words = (random: Random, sim: Simulator): string =>
  random.one([
    `/gate freeze production until ${inMinutes(sim, 20)} the shop is counted`,
    `/gate freeze production until ${inMinutes(sim, 200)} the shop is counted`,
    `/gate freeze staging from ${inMinutes(sim, 10)} until ${inMinutes(sim, 100)} the shop is moved`,
    "/gate rollback production it burns",
    "because the shop is down",
    "/gate hold",
    "/gate hold, legal has to look",
    "/gate unhold",
    "/gate recheck",
    "/gate approve production",
    "/gate approve production",
    "/gate approve staging",
    "/gate reject production not today",
    "/gate freeze production the shop is closed",
    "/gate unfreeze production open again",
    "/gate emergency the shop is down",
    "/gate override two the shop is down",
    "/gate override a it has to be",
    "/gate confirm",
    "/gate override-cancel",
    "looks good",
    "> /gate approve production",
  ]);

/** Everything that a pull request may want, so that greens are not left to chance. */
export function shepherd(random: Random, sim: Simulator): readonly Move[] {
  const repo = random.one(repos);
  const { pulls, issues } = repoOf(sim, repo);
  const pull = random.any(
    [...pulls.values()].filter((one) => issues.get(one.number)?.state === "open").slice(-4),
  );
  if (pull === undefined) return [];
  const at = { repo, number: pull.number };
  const jobs = ["unit", "build (a/b)"].map((name) => ({ name, conclusion: "success" }));
  const approvals = (["bob", "carol", "dora"] as const).map((by): Move => ({
    do: "review",
    ...at,
    by,
    state: "approve",
  }));
  return [
    ...approvals,
    { do: "checks", ...at, isGroup: false, event: "pull_request", jobs },
    { do: "check", ...at, name: "unit", app: "ci", conclusion: "success" },
    { do: "title", ...at, to: "feat: a", by: "ada" },
    { do: "label", ...at, label: "bug", by: "ada" },
    { do: "unlabel", ...at, label: "wip", by: "ada" },
    { do: "resolve", ...at, by: "bob" },
    ...(pull.queue === null
      ? []
      : [{ do: "checks", ...at, isGroup: true, event: "merge_group", jobs } as const]),
  ];
}

/** What may happen, each as often as its number says. */
const choices: readonly (readonly [number, Choice])[] = [
  [9, open],
  [8, push],
  [
    14,
    onPull((random, at) => ({
      do: "review",
      ...at,
      by: random.one(people),
      state: random.one(["approve", "approve", "approve", "request_changes", "comment"]),
    })),
  ],
  [4, onPull((random, at) => ({ do: "dismiss", ...at, nth: -1 - random.below(2) }))],
  [3, onPull((random, at) => ({ do: random.one(["thread", "resolve"]), ...at, by: "bob" }))],
  [4, onPull((random, at) => ({ do: "retarget", ...at, to: random.one(bases), by: "ada" }))],
  [3, onPull((random, at) => ({ do: "title", ...at, to: random.one(titles), by: "ada" }))],
  [2, onPull((random, at) => ({ do: random.one(["close", "reopen"]), ...at, by: "ada" }), "any")],
  [3, onPull((_, at) => ({ do: "update", ...at, by: "ada" }))],
  [
    14,
    onPull((random, at) => ({
      do: "checks",
      ...at,
      isGroup: random.chance(20),
      event: random.one([
        "pull_request",
        "pull_request",
        "push",
        "merge_group",
        "workflow_dispatch",
      ]),
      jobs: random.chance(60)
        ? [{ name: "unit", conclusion: random.one(conclusions) }]
        : [
            { name: "unit", conclusion: random.one(conclusions) },
            { name: "build (a/b)", conclusion: random.one(conclusions) },
          ],
    })),
  ],
  [
    5,
    onPull((random, at) => ({
      do: "check",
      ...at,
      name: random.one(["unit", "lint"]),
      app: random.one(["ci", "github-actions", "ci"]),
      conclusion: random.one(conclusions),
    })),
  ],
  [
    3,
    (random) => ({
      do: "rerun",
      repo: random.one(repos),
      nth: -1 - random.below(3),
      conclusion: random.one(conclusions),
    }),
  ],
  [
    4,
    onPull((random, at) => ({
      do: random.one(["label", "label", "unlabel"]),
      ...at,
      label: random.one(["wip", "bug", "feature", "small", "do-not-merge", "ship-it", "ship-it"]),
      by: random.one(["ada", "bob", "bob", "dora"]),
      ...(random.chance(10) ? { viaApp: true } : {}),
    })),
  ],
  [
    8,
    onPull(
      (random, at, _, sim) => ({
        do: "say",
        ...at,
        by: random.one(people),
        body: words(random, sim),
        ...(random.chance(8) ? { viaApp: true } : {}),
      }),
      "any",
    ),
  ],
  [5, onPull((_, at) => ({ do: "merge", ...at, by: "frank" }))],
  [4, onPull((_, at) => ({ do: "enqueue", ...at, by: "ada" }))],
  [
    3,
    onPull(
      (random, at) => ({
        do: random.one(["dequeue", "mergeGroup", "mergeGroup"]),
        ...at,
        by: "ada",
      }),
      "queued",
    ),
  ],
  [
    6,
    (random) => ({
      do: "deploy",
      repo: random.one(repos),
      environment: random.one(["production", "production", "staging"]),
      actor: random.one(people),
      ...(random.chance(10) ? { event: "schedule" } : {}),
      ...(random.chance(15) ? { again: -1 - random.below(3) } : {}),
    }),
  ],
  [
    10,
    (random, sim, step) => {
      const repo = random.one(repos);
      return chooseOnBranches(random, repo, repoOf(sim, repo), step);
    },
  ],
  [
    3,
    onPull((random, at) => ({
      do: "scan",
      ...at,
      rules: random.one([[], ["sql-injection"], ["sql-injection"], ["xss", "sql-injection"]]),
    })),
  ],
  [
    3,
    (random) => ({
      do: "dismissAlert",
      repo: random.one(repos),
      nth: -1 - random.below(2),
      by: random.one(["ada", "bob", "frank"]),
      isBack: random.chance(25),
    }),
  ],
  [
    2,
    (random) => ({
      do: "clock",
      ms: random.one([60_000, 15 * 60_000, 2 * 3_600_000, 5 * 3_600_000, 26 * 3_600_000]),
    }),
  ],
  [2, () => ({ do: "sweep" })],
  [
    5,
    (random) => ({
      do: "finish",
      repo: random.one(repos),
      nth: -1,
      state: random.one(["success", "success", "failure"]),
    }),
  ],
  [
    3,
    (random) => ({
      do: "policy",
      repo: random.one(repos),
      text: random.chance(12) ? null : somePolicy(random),
    }),
  ],
  [
    1,
    (random) => ({
      do: "policy",
      repo: "acme/.github",
      text: random.chance(20) ? null : somePolicy(random, "org-"),
    }),
  ],
  [
    3,
    (random) => ({
      do: random.one(["join", "leave"]),
      team: random.one(["core", "release", "commanders"]),
      login: random.one(people),
    }),
  ],
  [
    3,
    (random) => ({
      do: "role",
      repo: random.one(repos),
      login: random.one(["bob", "carol", "dora", "eve"]),
      role: random.one(["read", "triage", "write", "maintain"]),
    }),
  ],
  [2, (random) => ({ do: "lose", times: 1 + random.below(4), isSilent: random.chance(50) })],
  [2, (random) => ({ do: "double", times: 1 + random.below(4) })],
  [2, (random) => ({ do: "late", times: 1 + random.below(4), ms: 200 + random.below(800) })],
  [1, () => ({ do: "hold" })],
  [2, (random) => ({ do: "release", order: random.one(["kept", "reversed", "shuffled"]) })],
  [1, (random) => ({ do: "restart", isAbrupt: random.chance(50) })],
  [6, (random) => ({ do: "pause", ms: random.below(400) })],
];

const total = choices.reduce((sum, [weight]) => sum + weight, 0);

/** The next move: of those that are possible in the world as it is. */
export function choose(random: Random, sim: Simulator, step: number): Move {
  for (let tries = 0; tries < 50; tries += 1) {
    let left = random.below(total);
    const found = choices.find(([weight]) => (left -= weight) < 0);
    const move = found?.[1](random, sim, step);
    if (move !== undefined) return move;
  }
  return { do: "pause", ms: 10 };
}
