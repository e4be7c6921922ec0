// Ends the process from a thread beside the reader: nothing else can while the reader does not return. JavaScript,
// because a thread does not take over how TypeScript is loaded.
import { writeFileSync } from "node:fs";
import { workerData } from "node:worker_threads";

const { reading, reasonFile, cpuMs, memoryBytes } = workerData;
const current = new Int32Array(reading);
let seen = 0;
let cpuAtStart = 0;

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

function end(reason) {
  writeFileSync(reasonFile, reason);
  process.kill(process.pid, "SIGKILL");
}

setInterval(() => {
  const now = Atomics.load(current, 0);
  if (now !== seen) {
    seen = now;
    cpuAtStart = cpu();
  }
  if (now === 0) return;
  if (cpu() - cpuAtStart > cpuMs * 1.2) end("hang");
  else if (process.memoryUsage.rss() > memoryBytes) end("memory");
}, 50);
