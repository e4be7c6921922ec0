import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fuzz, type Finding } from "../test/fuzz/fuzz.ts";
import { createReader } from "../test/fuzz/reader.ts";
import { targets } from "../test/fuzz/targets/index.ts";

const list = new URL("../test/fuzz/targets/index.ts", import.meta.url).href;
const usage = `usage: npm run fuzz -- [--minutes M] [--seed N] [--target NAME] | --replay FILE --target NAME
Feeds made-up and spoiled input to everything that reads what others write. Targets: ${Object.keys(targets).join(", ")}
`;

/** Writes the input where it stays, and says what is wrong and how to see it again. */
function report({ target, seed, index, trouble, input }: Finding): void {
  const file = join(tmpdir(), `gatehouse-fuzz-${target}-${seed}-${index}.bin`);
  writeFileSync(file, input);
  const shown = JSON.stringify(Buffer.from(input).toString("latin1")).slice(0, 300);
  process.stdout.write(
    `FOUND ${trouble.kind} in ${target}, seed ${seed}, input ${index}: ${trouble.signature}
  ${trouble.detail.replaceAll("\\n", "\\n  ")}
  shortest input (${input.length} bytes): ${shown}
  file: ${file}; again: npm run fuzz -- --target ${target} --replay ${file}
`,
  );
}

async function replay(target: string, file: string): Promise<number> {
  const reader = createReader(list);
  try {
    const trouble = await reader.attempt(target, readFileSync(file));
    process.stdout.write(
      trouble === null
        ? `${target} bears ${file}\n`
        : `${trouble.kind} in ${target}: ${trouble.signature}\n${trouble.detail}\n`,
    );
    return trouble === null ? 0 : 1;
  } finally {
    reader.stop();
  }
}

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: "string", default: "1" },
      seed: { type: "string", default: "1" },
      target: { type: "string" },
      replay: { type: "string" },
    },
  });
  const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
  const { target } = values;
  const isKnown = target === undefined || Object.hasOwn(targets, target);
  if (!Number.isFinite(minutes) || !Number.isSafeInteger(seed) || !isKnown) {
    process.stderr.write(usage);
    return 2;
  }
  if (values.replay !== undefined) {
    if (target !== undefined) return replay(target, values.replay);
    process.stderr.write(usage);
    return 2;
  }
  let found = 0;
  const executed = await fuzz({
    list,
    targets,
    names: target === undefined ? Object.keys(targets) : [target],
    seed,
    ms: minutes * 60_000,
    processes: Math.min(4, availableParallelism()),
    shrinkMs: 20_000,
    onFinding: (finding) => {
      found += 1;
      report(finding);
    },
  });
  for (const [name, count] of executed) process.stdout.write(`  ${name}: ${count}\n`);
  const all = [...executed.values()].reduce((sum, count) => sum + count, 0);
  process.stdout.write(
    `fuzz: seed ${seed}, ${executed.size} targets, ${all} inputs read, ${found} findings\n`,
  );
  return found > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
