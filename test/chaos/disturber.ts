import type { Simulator } from "@gatehouse/github-simulator";
import type { Disturbance } from "./disturbances.ts";
import type { Processes } from "./processes.ts";
import type { TroubledStore } from "./stores.ts";
import { makeTrouble } from "./trouble.ts";

export interface Disturber {
  readonly disturb: (what: Disturbance) => void;
  /** Ends whatever still goes on. */
  readonly mend: () => void;
}

export function createDisturber({
  sim,
  store,
  processes,
}: {
  readonly sim: Simulator;
  readonly store: TroubledStore;
  readonly processes: Processes;
}): Disturber {
  const timers = new Set<NodeJS.Timeout>();
  const after = (ms: number, act: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
  };
  return {
    disturb: (what) => {
      switch (what.do) {
        case "kill":
          return processes.end(what.nth, "SIGKILL", what.backAfterMs);
        case "end":
          return processes.end(what.nth, "SIGTERM", what.backAfterMs);
        case "suspend":
          processes.suspend(what.nth);
          return after(what.forMs, processes.resumeAll);
        case "database down":
          store.down();
          return after(what.forMs, store.mend);
        case "database slow":
          store.slow(what.byMs);
          return after(what.forMs, store.mend);
        case "database cut":
          return store.cut();
        case "database fails over":
          return store.failOver(what.forMs);
        case "clock apart":
          // GitHub's is what it was from the beginning.
          if (what.of !== "GitHub") processes.setClock(what.of, what.aheadMs);
          return;
        case "trouble":
          return makeTrouble(sim, what);
        case "latency":
          sim.setLatency(what.ms);
          return after(what.forMs, () => sim.setLatency(0));
      }
    },
    mend: () => {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      processes.resumeAll();
      store.mend();
      sim.clearFaults();
      sim.setLatency(0);
    },
  };
}
