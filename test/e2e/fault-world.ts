import { expect } from "vitest";
import type { Simulator } from "@gatehouse/github-simulator";
import { redeliver as redeliverFrom } from "@gatehouse/github-simulator/webhooks/outbox.ts";
import { checkRunsOn, gateSays, until, type CheckRunSeen } from "./harness.ts";
import { changeIn, inFile, rowsIn } from "./rows-in.ts";
import { settlesWithinMs } from "./skipped-waits.ts";

export const reviewed =
  "version: 1\nrules:\n  - name: reviewed\n    require: { reviews: { approvals: 1 } }\n";
export const worded =
  'version: 1\nrules:\n  - name: worded\n    require: { title: { pattern: "^feat: " } }\n';
export const tested =
  "version: 1\nrules:\n  - name: tests\n    require: { checks: { names: [unit], app: ci } }\n";

const people = ["ada", "bob", "eve"];

/** Many tests share one gate: each has a repository of its own, so that none disturbs another. */
export function newRepo(
  sim: Simulator,
  name: string,
  policy: string | null = reviewed,
  owner = "acme",
): string {
  if (![...sim.world.accounts.values()].some((account) => account.login === owner))
    sim.org({ login: owner, members: people });
  const repo = `${owner}/${name}`;
  sim.repo({
    name: repo,
    files: { "src/a.ts": "1\n", ...(policy === null ? {} : { ".github/gatehouse.yml": policy }) },
  });
  for (const login of ["ada", "bob"]) sim.collaborator({ repo, login, role: "write" });
  return repo;
}

export interface Opened {
  readonly number: number;
  readonly headSha: string;
}

export function open(
  sim: Simulator,
  repo: string,
  input: Partial<Parameters<Simulator["openPull"]>[0]> = {},
): Opened {
  const head = input.head ?? "topic";
  return sim.openPull({
    repo,
    author: "ada",
    head,
    files: { "src/a.ts": `${head} ${repo}\n` },
    ...input,
  });
}

export const waits = (
  sim: Simulator,
  repo: string,
  sha: string,
  withinMs?: number,
): Promise<CheckRunSeen> =>
  gateSays(sim, repo, sha, (run) => run.status === "in_progress", withinMs);
export const turnsGreen = (
  sim: Simulator,
  repo: string,
  sha: string,
  withinMs?: number,
): Promise<CheckRunSeen> =>
  gateSays(sim, repo, sha, (run) => run.conclusion === "success", withinMs);
export const turnsRed = (
  sim: Simulator,
  repo: string,
  sha: string,
  withinMs?: number,
): Promise<CheckRunSeen> =>
  gateSays(sim, repo, sha, (run) => run.conclusion === "failure", withinMs);

/** The check run `gatehouse` on a commit; fails when there is none, or a second one. */
export function theRun(sim: Simulator, repo: string, sha: string): CheckRunSeen {
  const runs = checkRunsOn(sim, repo, sha).filter((run) => run.name === "gatehouse");
  expect(runs, `check runs on ${repo} ${sha.slice(0, 7)}`).toHaveLength(1);
  const [run] = runs;
  if (run === undefined) throw new Error("unreachable");
  return run;
}

/** How often the gate did make or change check runs of a repository. */
export const writesTo = (sim: Simulator, repo: string): number =>
  sim.calls.filter(
    (call) =>
      call.method !== "GET" &&
      call.status < 300 &&
      call.path.startsWith(`/repos/${repo}/check-runs`),
  ).length;

/**
 * Notices the first request that a pattern fits, when it arrives and before it is answered: a fault's `match` asks the
 * pattern, which has to be the fault's last condition.
 */
export function tripwire(pattern: RegExp): {
  readonly pattern: RegExp;
  readonly tripped: Promise<void>;
  readonly count: () => number;
} {
  let hits = 0;
  let trip: () => void = () => undefined;
  const tripped = new Promise<void>((resolve) => (trip = resolve));
  const wired = new RegExp(pattern.source, pattern.flags);
  wired.test = (text) => {
    const fits = pattern.test(text);
    if (fits) {
      hits += 1;
      trip();
    }
    return fits;
  };
  return { pattern: wired, tripped, count: () => hits };
}

/** Reads or changes the gate's embedded database from outside, as an operator or a fault would. */
export const inDatabase = inFile;

/** Makes a waiting row of the queue due now: a routine that would run in two minutes or an hour, or work that backs off. */
export async function dueNow(databaseUrl: string, key: string, now = Date.now()): Promise<void> {
  await until(
    `${key} to be due`,
    () =>
      changeIn(
        databaseUrl,
        "update queue set due_at = ?, firm_at = ?, settling_at = null where key = ? and state = 'waiting'",
        ...[now, now, key],
      ),
    (changes) => changes === 1,
  );
}

/** GitHub's "Redeliver" button. */
export function redeliver(sim: Simulator, delivery: Simulator["deliveries"][number]): void {
  redeliverFrom(sim.world.outbox, delivery, sim.world.nextId(), sim.now());
}

export function repositoryId(sim: Simulator, repo: string): number {
  const id = sim.world.repoNames.get(repo.toLowerCase());
  if (id === undefined) throw new Error(`no repository ${repo}`);
  return id;
}

/**
 * Waits for something while work that backs off after a failure is made due at once: what is tried again is under test,
 * not how long the wait before it is.
 */
export async function impatiently<T>(databaseUrl: string, wanted: Promise<T>): Promise<T> {
  let isOver = false;
  const hurry = async (): Promise<void> => {
    while (!isOver) {
      const now = Date.now();
      await changeIn(
        databaseUrl,
        "update queue set due_at = ?, firm_at = ?, settling_at = null where state = 'waiting' and attempts > 0 and due_at > ?",
        ...[now, now, now],
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  const hurrying = hurry();
  try {
    return await wanted;
  } finally {
    isOver = true;
    await hurrying;
  }
}

type Fault = Parameters<Simulator["fault"]>[0];

export interface StagedFault extends Omit<Fault, "match"> {
  readonly method?: string;
  /** Regular expression after `/repos/owner/name`; every call of the repository when left out. */
  readonly path?: string;
  /** GraphQL queries about the repository instead. */
  readonly graphql?: boolean;
  /** Called when the first such request has arrived and is not answered yet. */
  readonly onHit?: () => void;
}

/** Stages a fault of one repository's calls that is ended by itself, so that tests side by side do not end each other's. */
export function staged(sim: Simulator, repo: string, fault: StagedFault): () => void {
  const { method, path, graphql, onHit, ...rest } = fault;
  let isHit = false;
  let isOn = true;
  const pattern =
    graphql === true
      ? new RegExp(`"name":"${repo.split("/")[1] ?? ""}"`)
      : new RegExp(`^/repos/${repo}${path ?? "/"}`);
  const wired = new RegExp(pattern.source);
  wired.test = (text) => {
    const fits = isOn && pattern.test(text);
    if (fits && !isHit) {
      isHit = true;
      onHit?.();
    }
    return fits;
  };
  sim.fault({
    ...rest,
    match: {
      ...(method === undefined ? {} : { method }),
      ...(graphql === true ? { graphql: wired } : { path: wired }),
    },
  });
  return () => {
    isOn = false;
  };
}

/** Everything sent about this repository has had its effect, whatever others do meanwhile. */
export async function calmIn(
  gatehouse: {
    readonly sim: Simulator;
    readonly settings: { readonly databaseUrl: string };
    /** The machine's clock if left out: a process of its own has no other. */
    readonly now?: () => number;
  },
  repo: string,
): Promise<void> {
  const { now = Date.now } = gatehouse;
  await gatehouse.sim.settled();
  const mine = `%:${repositoryId(gatehouse.sim, repo)}:%`;
  await until(
    `a calm ${repo}`,
    async () => {
      const [row] = await rowsIn<{ readonly n: number }>(
        gatehouse.settings.databaseUrl,
        "select (select count(*) from queue where key || ':' like ? and (state = 'leased' or (state = 'waiting' and due_at < ?))) + (select count(*) from inbox where state = 'unrouted') as n",
        ...[mine, now() + settlesWithinMs],
      );
      return row?.n;
    },
    (count) => count === 0,
  );
}
