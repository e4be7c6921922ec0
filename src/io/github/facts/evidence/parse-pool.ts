import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { Finding } from "#core/formats/findings/finding.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { ParseResult, ParseTask } from "./parse-task.ts";
import type { ToWorker } from "./parse-worker.ts";

/** A task's result with the findings it handed on. */
export interface Parsed {
  readonly result: ParseResult;
  readonly findings: readonly Finding[];
}

/**
 * Reads reports on threads of their own, so that taking webhooks in never waits for a large file. By hand, because a
 * task that waits must be served when the thread before it was ended (docs/decisions/0011-what-stays-by-hand.md).
 */
export interface ParsePool {
  /** `tree` answers the question for all paths of the judged commit. Throws "invalid" for what takes too long or too much. */
  readonly parse: (task: ParseTask, tree?: () => Promise<Uint8Array | null>) => Promise<Parsed>;
  readonly close: () => Promise<void>;
}

export interface PoolOptions {
  readonly threads?: number;
  /** A task that takes longer is ended with its thread: hostile input must not hold a thread for ever. */
  readonly taskMs?: number;
  readonly memoryMb?: number;
}

/** Archives up to this size are read here when they also unpack to little: starting a thread would take longer. */
const smallBytes = 16 * 1024;
/** An idle thread is worth its memory for this long. */
const idleMs = 30_000;

type FromWorker =
  | { readonly kind: "ask-tree" }
  | { readonly kind: "found"; readonly findings: readonly Finding[] }
  | { readonly kind: "done"; readonly result: ParseResult }
  | { readonly kind: "failed"; readonly reason: string };

/** Built, the worker stands beside this file as JavaScript; in development it is TypeScript, and tsx has to be told to the new thread. */
function startThread(memoryMb: number): Worker {
  const isSource = import.meta.url.endsWith(".ts");
  const file = new URL(isSource ? "./parse-worker.ts" : "./parse-worker.js", import.meta.url);
  const resourceLimits = { maxOldGenerationSizeMb: memoryMb };
  if (!isSource) return new Worker(file, { resourceLimits });
  const tsx = pathToFileURL(
    createRequire(import.meta.url)
      .resolve("tsx/esm/api")
      .replace(/\.cjs$/, ".mjs"),
  ).href;
  const boot = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(file.href)}); });`;
  return new Worker(boot, { eval: true, execArgv: ["-C", "source"], resourceLimits });
}

export function createParsePool(options: PoolOptions = {}): ParsePool {
  const { threads = 2, taskMs = 60_000, memoryMb = 512 } = options;
  const idle: { readonly worker: Worker; readonly timer: NodeJS.Timeout }[] = [];
  const waiting: (() => void)[] = [];
  let busy = 0;
  let closed = false;

  const take = async (): Promise<Worker> => {
    if (busy >= threads) await new Promise<void>((resolve) => waiting.push(resolve));
    else busy += 1;
    const rested = idle.pop();
    if (rested === undefined) return startThread(memoryMb);
    clearTimeout(rested.timer);
    rested.worker.ref();
    return rested.worker;
  };

  const giveBack = (worker: Worker | null): void => {
    if (worker !== null && !closed) {
      // A waiting process must be able to end: an idle thread does not keep it alive.
      worker.unref();
      const timer = setTimeout(() => {
        const at = idle.findIndex((one) => one.worker === worker);
        if (at !== -1) idle.splice(at, 1);
        void worker.terminate();
      }, idleMs);
      timer.unref();
      idle.push({ worker, timer });
    } else if (worker !== null) void worker.terminate();
    const next = waiting.shift();
    if (next === undefined) busy -= 1;
    else next();
  };

  const onThread = async (
    task: ParseTask,
    tree: () => Promise<Uint8Array | null>,
  ): Promise<Parsed> => {
    const worker = await take();
    const findings: Finding[] = [];
    let sound = false;
    try {
      return await new Promise<Parsed>((resolve, reject) => {
        const timer = setTimeout(
          () =>
            reject(
              new GatehouseError("invalid", `a report took longer than ${taskMs / 1000} s to read`),
            ),
          taskMs,
        );
        const end = (settle: () => void): void => {
          clearTimeout(timer);
          // By name: a Worker listens to its own listeners, and without that it would never hear a message again.
          for (const event of ["message", "error", "exit"]) worker.removeAllListeners(event);
          settle();
        };
        worker.on("message", (message: FromWorker) => {
          switch (message.kind) {
            case "ask-tree":
              void tree()
                .catch(() => null)
                .then((json) => worker.postMessage({ kind: "tree", json } satisfies ToWorker));
              return;
            case "found":
              findings.push(...message.findings);
              return;
            case "done":
              sound = true;
              end(() => resolve({ result: message.result, findings }));
              return;
            case "failed":
              end(() =>
                reject(
                  new GatehouseError("invalid", `a report could not be read (${message.reason})`),
                ),
              );
          }
        });
        // Running out of its memory ends a thread, and nothing else: the report is what is refused.
        worker.on("error", (error: Error & { readonly code?: string }) => {
          const reason =
            error.code === "ERR_WORKER_OUT_OF_MEMORY"
              ? `a report takes more than ${memoryMb} MB of memory to read`
              : `reading a report failed (${error.name})`;
          end(() => reject(new GatehouseError("invalid", reason)));
        });
        worker.on("exit", () =>
          end(() =>
            reject(new GatehouseError("unavailable", "the thread that read a report ended")),
          ),
        );
        worker.postMessage({ kind: "task", task } satisfies ToWorker);
      });
    } finally {
      if (!sound) void worker.terminate();
      giveBack(sound ? worker : null);
    }
  };

  const here = async (task: ParseTask, tree: () => Promise<Uint8Array | null>): Promise<Parsed> => {
    // All readers of reports: loaded by the first small one.
    const { performTask } = await import("./parse-task.ts");
    const findings: Finding[] = [];
    const result = await performTask(task, { tree, found: (some) => findings.push(...some) });
    return { result, findings };
  };

  return {
    parse: (task, tree = async () => null) =>
      isSmall(task) ? here(task, tree) : onThread(task, tree),
    close: async () => {
      closed = true;
      await Promise.all(
        idle.splice(0).map(({ worker, timer }) => {
          clearTimeout(timer);
          return worker.terminate();
        }),
      );
    },
  };
}

/** Small enough, also unpacked: a zip's own directory tells the sizes, and the reader holds it to them. */
function isSmall(task: ParseTask): boolean {
  const archives = "archives" in task ? task.archives : [task.archive];
  const bytes = archives.reduce((sum, archive) => sum + archive.bytes.byteLength, 0);
  const lines =
    task.kind !== "measure"
      ? 0
      : (task.changed ?? []).reduce((sum, file) => sum + (file.patch?.length ?? 0), 0);
  return (
    bytes <= smallBytes &&
    lines <= 256 * 1024 &&
    archives.every((archive) => declaredSize(archive.bytes) <= 256 * 1024)
  );
}

/** Sum of the inflated sizes in a zip's central directory; infinite where it cannot be told. */
function declaredSize(bytes: Uint8Array): number {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let total = 0;
  for (
    let at = view.indexOf("PK\u0001\u0002", 0, "latin1");
    at !== -1;
    at = view.indexOf("PK\u0001\u0002", at + 4, "latin1")
  ) {
    if (at + 46 > view.length) return Infinity;
    total += view.readUInt32LE(at + 24);
  }
  return total;
}
