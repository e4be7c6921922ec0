// Loaded before a process's own code: its clock is as far from the machine's as a file says, which may change while it runs.
// With SHIFTED_TIMERS=1 what it waits for comes sooner where the clock goes on by a jump, as if the process had slept so long.
import { readFileSync } from "node:fs";

const file = process.env["SHIFTED_CLOCK"] ?? "";
const skipsWaits = process.env["SHIFTED_TIMERS"] === "1";
const lookEveryMs = skipsWaits ? 5 : 50;
/** Waits of the process for itself; shorter ones need no help, and longer ones are for others that answer in the machine's time. */
const skipped = { from: 50, to: 1_000 };

const MachineDate = Date;
let aheadMs = 0;
const now = () => MachineDate.now() + aheadMs;

globalThis.Date = new Proxy(MachineDate, {
  construct: (target, given, made) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, made),
  apply: (target) => new target(now()).toString(),
  get: (target, name, receiver) => (name === "now" ? now : Reflect.get(target, name, receiver)),
});

const waits = new Map();
const { setTimeout: machineTimeout, clearTimeout: machineClear, setInterval } = globalThis;

if (skipsWaits) {
  globalThis.setTimeout = Object.assign((act, ms = 0, ...given) => {
    const wait = () => {
      waits.delete(timer);
      act(...given);
    };
    const timer = machineTimeout(wait, ms);
    if (ms >= skipped.from && ms <= skipped.to) waits.set(timer, { wait, until: now() + ms });
    return timer;
  }, machineTimeout);
  globalThis.clearTimeout = (timer) => {
    waits.delete(timer);
    machineClear(timer);
  };
}

function look() {
  try {
    const said = readFileSync(file, "utf8");
    // Empty for a moment while it is written.
    if (said !== "") aheadMs = Number(said);
  } catch {
    // Nobody has moved it yet.
  }
  for (const [timer, { wait, until }] of waits) {
    if (until > now()) continue;
    machineClear(timer);
    wait();
  }
}

look();
setInterval(look, lookEveryMs).unref();
