import { fork, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { limits } from "./limits.ts";
import type { FromReader, ToReader, Trouble } from "./messages.ts";

/** Reads in a process of its own, which is started again when an input ends it. */
export interface Reader {
  /** Reads inputs from number `from` on; `ended` is the one that ended the process. */
  readonly run: (target: string, seed: number, from: number, ms: number) => Promise<Ran>;
  readonly attempt: (target: string, input: Uint8Array) => Promise<Trouble | null>;
  readonly stop: () => void;
}

export interface Ran {
  readonly next: number;
  readonly troubles: readonly { readonly index: number; readonly trouble: Trouble }[];
}

const entry = fileURLToPath(new URL("./reader-process.ts", import.meta.url));

/** `list`: address of a module that exports `targets`. */
export function createReader(list: string): Reader {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-fuzz-"));
  const [progressFile, reasonFile] = [join(folder, "progress"), join(folder, "reason")];
  let child: ChildProcess | undefined;
  let said = "";

  async function started(): Promise<ChildProcess> {
    if (child !== undefined) return child;
    rmSync(reasonFile, { force: true });
    said = "";
    const fresh = fork(entry, [list, progressFile, reasonFile], {
      execArgv: [
        ...["-C", "source", "--import", "tsx"],
        `--max-old-space-size=${limits.heapMegabytes}`,
      ],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    fresh.stderr?.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
    const first = await answerOf(fresh, limits.silentMs);
    if (first?.kind !== "ready") throw new Error(`the reader process did not start: ${said}`);
    child = fresh;
    return fresh;
  }

  /** The next message, or undefined once the process is gone; silence is ended. */
  function answerOf(from: ChildProcess, withinMs: number): Promise<FromReader | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => from.kill("SIGKILL"), withinMs);
      const settle = (answer: FromReader | undefined): void => {
        clearTimeout(timer);
        from.off("message", onMessage);
        from.off("exit", onExit);
        resolve(answer);
      };
      const onMessage = (message: unknown): void => settle(message as FromReader);
      const onExit = (): void => {
        if (child === from) child = undefined;
        settle(undefined);
      };
      from.on("message", onMessage);
      from.on("exit", onExit);
    });
  }

  async function ask(message: ToReader, withinMs: number): Promise<FromReader | undefined> {
    const process = await started();
    process.send(message);
    return answerOf(process, withinMs);
  }

  function whyEnded(): Trouble {
    let reason = "";
    try {
      reason = readFileSync(reasonFile, "utf8");
    } catch {
      // Ended by itself, or for its silence.
    }
    if (reason === "hang")
      return {
        kind: "hang",
        signature: "hang",
        detail: `more than ${limits.cpuMs} ms of CPU time`,
      };
    if (reason === "memory" || /heap out of memory|allocation failed/i.test(said))
      return { kind: "memory", signature: "memory", detail: "more memory than it may have" };
    const last = said.trim().slice(-1_200);
    return {
      kind: "died",
      signature: `died: ${/^\w*Error: .{0,80}/m.exec(last)?.[0] ?? "no word"}`,
      detail: last || "the process ended, or never answered",
    };
  }

  return {
    run: async (target, seed, from, ms) => {
      const answer = await ask({ kind: "run", target, seed, from, ms }, ms + limits.silentMs);
      if (answer?.kind === "ran") return { next: answer.next, troubles: answer.troubles };
      const index = readFileSync(progressFile).readDoubleLE(0);
      return { next: index + 1, troubles: [{ index, trouble: whyEnded() }] };
    },
    attempt: async (target, input) => {
      const text = Buffer.from(input).toString("base64");
      const answer = await ask({ kind: "try", target, input: text }, limits.silentMs);
      return answer?.kind === "tried" ? answer.trouble : whyEnded();
    },
    stop: () => {
      child?.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
