import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startPostgres, type TestPostgres } from "../test/support/postgres.ts";

/** What came of one seed. */
export interface Run {
  readonly seed: number;
  readonly steps: number;
  readonly greens: number;
  readonly approvals: number;
  readonly judged: number;
  readonly unjudged: number;
  readonly raced: number;
  readonly differences: readonly string[];
  readonly trace: readonly unknown[];
}

export interface Task<Step> {
  readonly seed: number;
  readonly steps: number;
  readonly until?: number;
  readonly trace?: readonly Step[];
  readonly server: TestPostgres | undefined;
}

export interface Seeded<Step, Result extends Run> {
  /** As in `npm run <name>`. */
  readonly name: string;
  readonly about: string;
  readonly steps: number;
  readonly run: (task: Task<Step>) => Promise<Result>;
  /** What is told of a run beside what is told of all. */
  readonly more?: (result: Result) => string;
  /** Kept beside the trace of a run that shows a difference. */
  readonly kept?: (result: Result) => string;
}

const told = ({
  seed,
  steps,
  greens,
  approvals,
  judged,
  unjudged,
  raced,
  differences,
}: Run): string =>
  `seed ${seed}: ${steps} steps, ${greens} greens and ${approvals} approvals, ${judged} looks judged, ${unjudged} not judged, ${raced} raced, ${differences.length} differences`;

/** What is wrong, and how to see it again. */
function report(
  name: string,
  { seed, differences, trace }: Run,
  store: string,
  kept?: string,
): void {
  const file = join(tmpdir(), `gatehouse-${name}-${seed}.json`);
  writeFileSync(file, `[\n${trace.map((step) => JSON.stringify(step)).join(",\n")}\n]\n`);
  if (kept !== undefined) writeFileSync(`${file}.log`, kept);
  process.stdout.write(
    `${differences.map((one) => `  ${one}`).join("\n")}\n  trace: ${file}${kept === undefined ? "" : `, log: ${file}.log`}; again: npm run ${name} -- --replay ${file}${store === "postgres" ? " --store postgres" : ""}\n`,
  );
}

/** Runs seed after seed until the minutes are over, or one trace; answers the exit code. */
export async function runSeeds<Step, Result extends Run>(
  { name, about, steps: usualSteps, run, more = () => "", kept }: Seeded<Step, Result>,
  args: readonly string[],
): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: "string", default: "1" },
      minutes: { type: "string", default: "1" },
      steps: { type: "string", default: String(usualSteps) },
      replay: { type: "string" },
      store: { type: "string", default: "file" },
    },
  });
  const [seed = NaN, minutes = NaN, steps = NaN] = [values.seed, values.minutes, values.steps].map(
    Number,
  );
  const { replay, store } = values;
  if (![seed, minutes, steps].every(Number.isFinite) || !["file", "postgres"].includes(store)) {
    process.stderr.write(
      `usage: npm run ${name} -- [--seed N] [--minutes M] [--steps K] [--store postgres] | --replay FILE\n${about}\n`,
    );
    return 2;
  }
  const server = store === "postgres" ? await startPostgres() : undefined;
  const all: Result[] = [];
  const one = async (task: Omit<Task<Step>, "server">): Promise<void> => {
    const result = await run({ ...task, server });
    all.push(result);
    process.stdout.write(`${told(result)}${more(result)}\n`);
    if (result.differences.length > 0) report(name, result, store, kept?.(result));
  };
  try {
    if (replay !== undefined) {
      const trace = JSON.parse(readFileSync(replay, "utf8")) as readonly Step[];
      await one({ seed, steps: 0, trace });
    } else {
      const until = Date.now() + minutes * 60_000;
      for (let at = seed; Date.now() < until; at += 1) await one({ seed: at, steps, until });
    }
  } finally {
    await server?.stop();
  }
  const sum = (of: (one: Run) => number): number =>
    all.reduce((total, each) => total + of(each), 0);
  const differences = sum((each) => each.differences.length);
  process.stdout.write(
    `${name}: ${all.length} seeds, ${sum((each) => each.steps)} steps: ${sum((each) => each.greens)} greens, ${sum((each) => each.approvals)} approvals, ${sum((each) => each.judged)} looks judged, ${sum((each) => each.unjudged)} not judged, ${differences} differences\n`,
  );
  return differences > 0 ? 1 : 0;
}
