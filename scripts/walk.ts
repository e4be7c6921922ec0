import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Move } from "../test/walk/moves.ts";
import { walk, type Walked } from "../test/walk/walk.ts";
import { startPostgres } from "../test/support/postgres.ts";

const usage =
  "usage: npm run walk -- [--seed N] [--minutes M] [--steps K] [--store postgres] | --replay FILE\nWalks at random through a simulated GitHub with the real gate; the oracle of the tests judges every green.\n";

function told({
  seed,
  steps,
  greens,
  approvals,
  judged,
  unjudged,
  raced,
  differences,
}: Walked): string {
  return `seed ${seed}: ${steps} steps, ${greens} greens and ${approvals} approvals, ${judged} looks judged, ${unjudged} not judged, ${raced} raced, ${differences.length} differences`;
}

/** What is wrong, and how to see it again. */
function report(walked: Walked): void {
  const file = join(tmpdir(), `gatehouse-walk-${walked.seed}.json`);
  writeFileSync(file, `[\n${walked.trace.map((move) => JSON.stringify(move)).join(",\n")}\n]\n`);
  process.stdout.write(
    `${walked.differences.map((one) => `  ${one}`).join("\n")}\n  trace: ${file}; again: npm run walk -- --replay ${file}\n`,
  );
}

interface Options {
  readonly seed: number;
  readonly minutes: number;
  readonly steps: number;
  readonly replay: string | undefined;
}

async function walkAll({ seed, minutes, steps, replay }: Options): Promise<number> {
  if (replay !== undefined) {
    const trace: readonly Move[] = JSON.parse(readFileSync(replay, "utf8"));
    const walked = await walk({ seed, steps: 0, trace });
    process.stdout.write(`${told(walked)}\n`);
    if (walked.differences.length > 0) report(walked);
    return walked.differences.length > 0 ? 1 : 0;
  }
  const until = Date.now() + minutes * 60_000;
  const all: Walked[] = [];
  for (let at = seed; Date.now() < until; at += 1) {
    const walked = await walk({
      seed: at,
      steps,
      until,
    });
    all.push(walked);
    process.stdout.write(`${told(walked)}\n`);
    if (walked.differences.length > 0) report(walked);
  }
  const sum = (of: (one: Walked) => number): number =>
    all.reduce((total, one) => total + of(one), 0);
  const differences = sum((one) => one.differences.length);
  process.stdout.write(
    `walked ${all.length} seeds, ${sum((one) => one.steps)} steps: ${sum((one) => one.greens)} greens, ${sum((one) => one.approvals)} approvals, ${sum((one) => one.judged)} looks judged, ${sum((one) => one.unjudged)} not judged, ${differences} differences\n`,
  );
  return differences > 0 ? 1 : 0;
}

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: "string", default: "1" },
      minutes: { type: "string", default: "1" },
      steps: { type: "string", default: "80" },
      replay: { type: "string" },
      store: { type: "string", default: "file" },
    },
  });
  const [seed, minutes, steps] = [values.seed, values.minutes, values.steps].map(Number);
  if (
    ![seed, minutes, steps].every((one) => Number.isFinite(one)) ||
    !["file", "postgres"].includes(values.store)
  ) {
    process.stderr.write(usage);
    return 2;
  }
  const options = {
    seed: seed ?? 1,
    minutes: minutes ?? 1,
    steps: steps ?? 80,
    replay: values.replay,
  };
  if (values.store === "file") return walkAll(options);
  const server = await startPostgres();
  // The gates of the walk take a database of it each.
  process.env["GATEHOUSE_TEST_STORE"] = server.url;
  try {
    return await walkAll(options);
  } finally {
    await server.stop();
  }
}

process.exitCode = await main(process.argv.slice(2));
