import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { workIn } from "../test/e2e/skipped-waits.ts";
import { startProcess } from "../test/support/gate-process.ts";
import { pointsOf } from "./points.ts";
import { ms, percentile, seconds, type Row } from "./row.ts";
import { bytesIn, storeKind } from "./store.ts";
import { appId, countedCalls, memoryOf, openWorld, until, type BenchWorld } from "./world.ts";

const shiftedClock = new URL("../test/support/shifted-clock.mjs", import.meta.url).href;

/*
 * A day of an organisation of 5,000 repositories. Nothing is sped up: what there is to do is done by the real process at its
 * own pace, and only while nobody has anything to do the clock of GitHub and gate jumps to what comes next, a sweep or
 * something that people do. So calls are those of 24 hours, ages are as long as the work takes here, and memory is that
 * of a process that has done a day's work. Pull requests are a quarter of what docs/scale.md assumes of so many repositories,
 * for the machine's sake; in the hours of the night there are none, and each call is a sweep's.
 */

const repositories = 5_000;
const pullsToday = 252;
/** Pull requests of the day, by share, from midnight on. */
const shape = [0, 0, 0, 0, 0, 0, 1, 3, 9, 13, 15, 10, 6, 11, 13, 10, 6, 3, 2, 1, 1, 0, 0, 0];
/** Open all the time, as in the bench of the sweeps. */
const openAlways = 200;
/** A Monday. */
const startsAt = Date.UTC(2027, 2, 1);
/** What an installation of so many repositories may spend in an hour, on either API (docs.github.com). */
const hourlyQuota = 12_500;
/** A machine that has not come through the day by then tells how far it came. */
const wallMs = 200_000;
const hour = 3_600_000;
const minute = 60_000;

const organizationPolicy = `
version: 1
rules:
  - name: reviewed
    require: { reviews: { approvals: 1 } }
  - name: tested
    require: { checks: { names: [unit], app: ci } }
  - name: free
    require: { not_frozen: true }
    applies_to: deployment
`;

interface Act {
  readonly at: number;
  readonly do: () => void;
}

interface Hour {
  readonly calls: number;
  readonly points: number;
  readonly memory: number;
  readonly database: number;
}

/** The clock of both, which is moved by hand. */
interface Time {
  readonly file: string;
  shift: number;
}

const nowOf = (time: Time): number => Date.now() + time.shift;

function moveTo({ sim }: BenchWorld, time: Time, at: number): void {
  time.shift += Math.max(0, at - nowOf(time));
  writeFileSync(time.file, String(time.shift));
  sim.advance(0);
}

/** What people do today, in order. */
function actsOf({ sim }: BenchWorld, from: number): readonly Act[] {
  const total = shape.reduce((sum, share) => sum + share, 0);
  const acts: Act[] = [];
  let made = 0;
  let owed = 0;
  for (const [at, share] of shape.entries()) {
    owed += (pullsToday * share) / total;
    const now = Math.round(owed) - made;
    for (let n = 0; n < now; n += 1) {
      const nth = made + n;
      const opened = from + at * hour + Math.floor((n * hour) / now);
      const repo = `acme/r${(nth * 37) % (repositories - 2)}`;
      const number = { is: 0, sha: "" };
      const check = (status: "in_progress" | "completed"): void =>
        void sim.checkRun({
          ...{ repo, sha: number.sha, name: "unit", app: "ci", status },
          ...(status === "completed" ? { conclusion: "success" } : {}),
        });
      acts.push(
        {
          at: opened,
          do: () => {
            const files = { "a.txt": `${nth}\n` };
            const made = sim.openPull({ repo, author: "ada", head: `day-${nth}`, files });
            [number.is, number.sha] = [made.number, made.headSha];
            check("in_progress");
          },
        },
        { at: opened + 6 * minute, do: () => check("completed") },
        {
          at: opened + 21 * minute,
          do: () => void sim.review({ repo, number: number.is, by: "bob", state: "approve" }),
        },
        {
          at: opened + 33 * minute,
          do: () => sim.mergePull({ repo, number: number.is, by: "ada" }),
        },
      );
    }
    made += now;
  }
  return acts.sort((a, b) => a.at - b.at);
}

function furnish({ sim }: BenchWorld): void {
  sim.app({ slug: "ci" });
  sim.repo({ name: "acme/.github", files: { ".github/gatehouse.yml": organizationPolicy } });
  for (let n = 0; n < repositories - 2; n += 1) {
    const repo = `acme/r${n}`;
    sim.repo({ name: repo, files: { "a.txt": "1\n" } });
    sim.collaborator({ repo, login: "bob", role: "write" });
    if (n < openAlways)
      sim.openPull({ repo, author: "ada", head: "long", files: { "b.txt": "1\n" } });
  }
}

/** Our last word on the head of each pull request whose branch begins so. */
function* wordsOn({ sim }: BenchWorld, branches: string): Iterable<string | null | undefined> {
  for (const repo of sim.world.repos.values())
    for (const pull of repo.pulls.values())
      if (pull.headRef.startsWith(branches))
        yield [...repo.checkRuns.values()].findLast(
          ({ appId: app, name, headSha }) =>
            app === appId && name === "gatehouse" && headSha === pull.headSha,
        )?.conclusion;
}

const greensOf = (world: BenchWorld): number =>
  [...wordsOn(world, "day-")].filter((one) => one === "success").length;

const mergedOf = ({ sim }: BenchWorld): number =>
  [...sim.world.repos.values()].reduce(
    (sum, { pulls }) => sum + [...pulls.values()].filter(({ merged }) => merged).length,
    0,
  );

/** Whether whatever was open before has its first answer. */
const answered = (world: BenchWorld): boolean =>
  [...wordsOn(world, "long")].every((one) => one !== undefined);

/** Calls that GitHub counts: what has not changed (304) is free of charge (docs.github.com, Best practices for using the REST API). */
const called = ({ sim }: BenchWorld): number =>
  countedCalls(sim).filter(({ path, status }) => !path.startsWith("/app") && status !== 304).length;

interface Day {
  readonly hours: readonly Hour[];
  /** How long the oldest piece of work had been due, ms, at each look while there was any. */
  readonly ages: readonly number[];
}

/** Whether something is under way, or due. */
async function isBusy({ sim, databaseUrl }: BenchWorld, time: Time): Promise<boolean> {
  await sim.settled();
  const { running, nextDue } = await workIn(databaseUrl);
  return running > 0 || nextDue <= nowOf(time);
}

/** Looks, waits while there is something to do, and jumps to what comes next. */
async function play(
  world: BenchWorld,
  time: Time,
  { from, acts, spent }: { from: number; acts: readonly Act[]; spent: () => number },
): Promise<Day> {
  const { sim, databaseUrl } = world;
  const hours: Hour[] = [];
  const ages: number[] = [];
  let [done, points] = [0, spent()];
  sim.resetCalls();
  const giveUpAt = performance.now() + wallMs;
  while (hours.length < shape.length && performance.now() < giveUpAt) {
    await sim.settled();
    const { running, nextDue } = await workIn(databaseUrl);
    const now = nowOf(time);
    if (running > 0 || nextDue <= now) {
      ages.push(Math.max(0, now - nextDue));
      await sleep(10);
      continue;
    }
    const act = acts[done];
    const hourEnds = from + (hours.length + 1) * hour;
    moveTo(world, time, Math.min(act?.at ?? Infinity, nextDue, hourEnds));
    if (act !== undefined && act.at <= nowOf(time)) {
      act.do();
      done += 1;
    }
    if (nowOf(time) < hourEnds) continue;
    hours.push({
      calls: called(world),
      points: spent() - points,
      memory: memoryOf(world.gate.pid),
      database: await bytesIn(databaseUrl),
    });
    sim.resetCalls();
    points = spent();
  }
  return { hours, ages };
}

export async function run(): Promise<readonly Row[]> {
  // Over PostgreSQL the gate goes by the server's clock, which nobody moves.
  if (storeKind() === "postgres") return [];
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-day-"));
  const time: Time = { file: join(folder, "clock"), shift: startsAt - Date.now() };
  writeFileSync(time.file, String(time.shift));
  let points = 0;
  const world = await openWorld("version: 1\nrules: []\n", {
    process: {
      env: {
        ...{ NODE_OPTIONS: `--import=${shiftedClock}`, SHIFTED_CLOCK: time.file },
        SHIFTED_TIMERS: "1",
      },
    },
    simulator: {
      now: () => nowOf(time),
      onExchange: ({ path, requestBody }) => {
        if (path === "/graphql" && typeof requestBody === "object" && requestBody !== null)
          if ("query" in requestBody) points += pointsOf(String(requestBody.query));
      },
    },
  });
  const { sim } = world;
  try {
    sim.deliveryFault({ suppress: true });
    furnish(world);
    sim.clearDeliveryFaults();
    // The App is installed there while nothing is known of it.
    await world.gate.kill("SIGKILL");
    world.gate = await startProcess(sim, world.site, world.process);
    const first = await until("what is open to be found", () => answered(world), 600_000);
    while (await isBusy(world, time)) await sleep(200);
    const began = performance.now();
    const from = nowOf(time);
    const { hours, ages } = await play(world, time, {
      ...{ from, acts: actsOf(world, from) },
      spent: () => points,
    });
    return rowsOf({ hours, ages }, { first, took: performance.now() - began, world });
  } finally {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const most = (values: readonly number[]): number => Math.max(...values);
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

function rowsOf(
  { hours, ages }: Day,
  { first, took, world }: { first: number; took: number; world: BenchWorld },
): readonly Row[] {
  const isWhole = hours.length === shape.length;
  const night = hours.filter((_, at) => shape[at] === 0 && (shape[at - 1] ?? 0) === 0);
  const of = (some: readonly Hour[], what: "calls" | "points"): number =>
    most(some.map((one) => one[what]));
  const quota = (name: string, measured: number, share: number): Row => ({
    name,
    budget: `≤ ${(hourlyQuota * share) / 100} (${share} % of ${hourlyQuota})`,
    measured: String(measured),
    kept: isWhole && measured <= (hourlyQuota * share) / 100,
  });
  const age = percentile(ages, 0.99);
  const early = most(hours.slice(2, 8).map(({ memory }) => memory));
  const late = most(hours.slice(-6).map(({ memory }) => memory));
  const [greens, merged] = [greensOf(world), mergedOf(world)];
  return [
    {
      name: `24 hours of ${repositories} repositories, ${openAlways} open pull requests and ${pullsToday} new ones`,
      budget: "all 24, all green",
      measured: `${hours.length} hours in ${seconds(took)} (first contact ${seconds(first)}), ${greens} green of ${merged} merged`,
      kept: isWhole && greens >= merged,
    },
    quota("calls of the sweeps in an hour of the night, at most", of(night, "calls"), 1),
    quota("GraphQL points of the sweeps in an hour of the night, at most", of(night, "points"), 1),
    quota("calls in the busiest hour", of(hours, "calls"), 50),
    quota("GraphQL points in the busiest hour", of(hours, "points"), 50),
    {
      name: "how long the oldest piece of work has been due, while there is any",
      budget: "p99 < 30 s",
      measured: `p50 ${ms(percentile(ages, 0.5))}, p99 ${ms(age)}, at most ${ms(most(ages))}`,
      kept: isWhole && age < 30_000,
    },
    {
      name: "memory, at most, in hours 3 to 8 and in the last six",
      budget: "< 250 MB, flat (at most a tenth more)",
      measured: `${megabytes(early)} and ${megabytes(late)}; hour by hour ${hours.map(({ memory }) => Math.round(memory / 1e6)).join(" ")}`,
      kept: isWhole && late < 250e6 && late <= early * 1.1,
    },
    {
      name: "database after the first hour and after the last",
      budget: "–",
      measured: `${megabytes(hours[0]?.database ?? 0)}, ${megabytes(hours.at(-1)?.database ?? 0)}`,
      kept: null,
    },
  ];
}
