import { parentPort } from "node:worker_threads";
import { type ParseTask, performTask } from "./parse-task.ts";

/** What the pool sends. */
export type ToWorker =
  | { readonly kind: "task"; readonly task: ParseTask }
  | { readonly kind: "tree"; readonly json: Uint8Array | null };

const port = parentPort;
if (port === null) throw new Error("this file runs as a worker thread only");

let treeAnswered: ((json: Uint8Array | null) => void) | null = null;

/** One task at a time: the pool sends the next one when this one is done. */
port.on("message", (message: ToWorker) => {
  if (message.kind === "tree") {
    treeAnswered?.(message.json);
    treeAnswered = null;
    return;
  }
  performTask(message.task, {
    tree: () =>
      new Promise((resolve) => {
        treeAnswered = resolve;
        port.postMessage({ kind: "ask-tree" });
      }),
    found: (findings) => port.postMessage({ kind: "found", findings }),
  }).then(
    (result) => port.postMessage({ kind: "done", result }),
    (error: unknown) =>
      port.postMessage({ kind: "failed", reason: error instanceof Error ? error.name : "unknown" }),
  );
});
