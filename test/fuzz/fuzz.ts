import { inputsOf } from "./generate.ts";
import type { Trouble } from "./messages.ts";
import { createReader, type Reader } from "./reader.ts";
import { shrink } from "./shrink.ts";
import type { FuzzTarget } from "./target.ts";

/** An input that a reader does not bear, as short as it could be made. */
export interface Finding {
  readonly target: string;
  readonly seed: number;
  readonly index: number;
  readonly trouble: Trouble;
  readonly input: Uint8Array;
}

export interface Fuzzing {
  /** Address of the module that exports `targets`, and its content. */
  readonly list: string;
  readonly targets: Readonly<Record<string, () => Promise<FuzzTarget>>>;
  readonly names: readonly string[];
  readonly seed: number;
  /** For all targets together, by the clock on the wall. */
  readonly ms: number;
  readonly processes: number;
  /** Time to shorten one input in. */
  readonly shrinkMs: number;
  readonly onFinding: (finding: Finding) => void;
}

/** Feeds every target for its share of the time; answers how many inputs each has read. */
export async function fuzz(fuzzing: Fuzzing): Promise<ReadonlyMap<string, number>> {
  const executed = new Map<string, number>();
  const left = [...fuzzing.names];
  const processes = Math.min(fuzzing.processes, left.length);
  const share = (fuzzing.ms * processes) / left.length;
  await Promise.all(
    Array.from({ length: processes }, async () => {
      const reader = createReader(fuzzing.list);
      try {
        for (let name = left.shift(); name !== undefined; name = left.shift())
          executed.set(name, await fuzzOne(fuzzing, reader, name, share));
      } finally {
        reader.stop();
      }
    }),
  );
  return executed;
}

/** More causes of one target are for the next run, once these are mended. */
const mostFindings = 10;

async function fuzzOne(
  { targets, seed, shrinkMs, onFinding }: Fuzzing,
  reader: Reader,
  name: string,
  ms: number,
): Promise<number> {
  const target = await targets[name]?.();
  if (target === undefined) throw new Error(`there is no target ${name}`);
  const inputAt = inputsOf(target, seed);
  const known = new Set<string>();
  const until = performance.now() + ms;
  let next = 0;
  while (performance.now() < until && known.size < mostFindings) {
    const ran = await reader.run(name, seed, next, Math.min(5_000, until - performance.now()));
    next = ran.next;
    for (const { index, trouble } of ran.troubles) {
      if (known.has(trouble.signature)) continue;
      const input = inputAt(index);
      const confirmed = await confirm(reader, name, input, trouble);
      if (confirmed === undefined) continue;
      known.add(confirmed.signature);
      const fails = async (smaller: Uint8Array): Promise<boolean> =>
        (await reader.attempt(name, smaller))?.signature === confirmed.signature;
      const shortest = await shrink(input, fails, shrinkMs);
      onFinding({ target: name, seed, index, trouble: confirmed, input: shortest });
    }
  }
  return next;
}

/** A busy machine and a cold start make a reading slow once: what counts is slow, or large, by itself and again. */
async function confirm(
  reader: Reader,
  target: string,
  input: Uint8Array,
  trouble: Trouble,
): Promise<Trouble | undefined> {
  if (trouble.kind === "crash") return trouble;
  for (let time = 0; time < 2; time += 1) {
    const again = await reader.attempt(target, input);
    if (again === null) return undefined;
    if (time === 1) return again;
  }
  return undefined;
}
