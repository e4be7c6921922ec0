import { openSync, writeSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { limits } from "./limits.ts";
import type { FromReader, ToReader, Trouble } from "./messages.ts";
import type { FuzzTarget } from "./target.ts";

// Reads input after input until told to stop, or until an input ends it. Started by reader.ts with: the module that
// lists the targets, the file that says how far it is, and the file that says why it was ended.
const [list = "", progressFile = "", reasonFile = ""] = process.argv.slice(2);
const { targets } = (await import(list)) as {
  readonly targets: Readonly<Record<string, () => Promise<FuzzTarget>>>;
};
const progress = openSync(progressFile, "w");
const reading = new SharedArrayBuffer(4);
const current = new Int32Array(reading);
new Worker(new URL("./watchdog.mjs", import.meta.url), {
  workerData: { reading, reasonFile, cpuMs: limits.cpuMs, memoryBytes: limits.memoryBytes },
}).unref();

let count = 0;
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** The error and the place of ours that it came from: numbers in it differ from input to input. */
function crashOf(error: unknown): Trouble {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const frame = /\/((?:src|packages|node_modules|test)\/[^\s:)]+)/.exec(
    stack
      .split("\n")
      .filter((line) => /^\s+at /.test(line) && !line.includes("/fuzz/target.ts"))
      .join("\n"),
  )?.[1];
  const what = error instanceof Error && error.name === "BrokenPromise" ? text : text.slice(0, 60);
  return {
    kind: "crash",
    signature: `${what.replaceAll(/\d+|"[^"]*"/g, "#").slice(0, 120)} in ${frame ?? "unknown"}`,
    detail: stack.slice(0, 1_200) || text,
  };
}

/** What is wrong with reading it; undefined where all is well. */
async function readOne(target: FuzzTarget, input: Uint8Array): Promise<Trouble | undefined> {
  count = (count % 0x7ffffffe) + 1;
  const from = cpuMs();
  Atomics.store(current, 0, count);
  try {
    const answer = target.read(input);
    if (answer instanceof Promise) {
      await answer;
      // What it throws a moment after it has answered ends the process, and is of this input.
      await new Promise(setImmediate);
    }
  } catch (error) {
    return crashOf(error);
  } finally {
    Atomics.store(current, 0, 0);
  }
  const took = cpuMs() - from;
  return took > limits.cpuMs ? hang(took) : undefined;
}

const hang = (ms: number): Trouble => ({
  kind: "hang",
  signature: "hang",
  detail: `it took ${Math.round(ms)} ms of CPU time`,
});

const send = (message: FromReader): boolean => process.send?.(message) ?? false;

async function targetOf(name: string): Promise<FuzzTarget> {
  const load = targets[name];
  if (load === undefined) throw new Error(`there is no target ${name}`);
  return load();
}

/** Runs until the time is over; each kind of trouble is told once. */
async function run({ target: name, seed, from, ms }: ToReader & { kind: "run" }): Promise<void> {
  const target = await targetOf(name);
  const { inputsOf } = await import("./generate.ts");
  const inputAt = inputsOf(target, seed);
  const until = performance.now() + ms;
  const troubles = new Map<string, { readonly index: number; readonly trouble: Trouble }>();
  const place = Buffer.alloc(8);
  let index = from;
  do {
    place.writeDoubleLE(index);
    writeSync(progress, place, 0, 8, 0);
    const trouble = await readOne(target, inputAt(index));
    if (trouble !== undefined && !troubles.has(trouble.signature))
      troubles.set(trouble.signature, { index, trouble });
    index += 1;
  } while (performance.now() < until && troubles.size < 10);
  send({ kind: "ran", next: index, troubles: [...troubles.values()] });
}

/** Once more by itself, after honest inputs have warmed the reader up. */
async function tryOne({ target: name, input }: ToReader & { kind: "try" }): Promise<void> {
  const target = await targetOf(name);
  const bytes = Buffer.from(input, "base64");
  if (count === 0) for (const honest of target.corpus) await readOne(target, Buffer.from(honest));
  send({ kind: "tried", trouble: (await readOne(target, bytes)) ?? null });
}

process.on("message", (message: ToReader) => {
  void (message.kind === "run" ? run(message) : tryOne(message));
});
// What a reader throws after it has answered is its crash as well, and Node ends the process for it.
send({ kind: "ready" });
