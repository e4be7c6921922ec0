import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Simulator } from "@gatehouse/github-simulator";
import { startProcess, type GateProcess, type Site } from "../support/gate-process.ts";

interface Place {
  /** Says how far the clock of whoever runs here is from the machine's. */
  readonly clockFile: string;
  aheadMs: number;
  gate: GateProcess | undefined;
  /** Resolves when somebody runs here, or nobody is wanted any more. */
  filling: Promise<void>;
}

/** Several processes over one database, each started again when it is gone, as an operator's supervisor does. */
export interface Processes {
  readonly urls: () => readonly string[];
  /** Ends one of them, which is started again after a while. */
  readonly end: (nth: number, signal: "SIGKILL" | "SIGTERM", backAfterMs: number) => void;
  readonly suspend: (nth: number) => void;
  readonly resumeAll: () => void;
  /** Puts the clock of one of them, and of those that follow it in its place, so far before the machine's. */
  readonly setClock: (nth: number, aheadMs: number) => void;
  /** How far the clock of one of them is before the machine's. */
  readonly aheadMs: (nth: number) => number;
  /** Waits until each place is taken. */
  readonly allRun: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** Processes that ended by themselves. */
  readonly fallen: readonly string[];
  readonly output: () => string;
}

const startsWithinMs = 60_000;
const shiftedClock = new URL("../support/shifted-clock.mjs", import.meta.url).href;

export function startProcesses(
  sim: Simulator,
  site: Site,
  count: number,
  databaseUrl: string,
): Processes {
  const fallen: string[] = [];
  const outputs: (() => string)[] = [];
  const wanted = new Set<number>();
  let isStopping = false;

  /** A process that finds no database ends with a line that says so; whoever supervises it tries again. */
  async function fill(place: Place): Promise<void> {
    const giveUpAt = Date.now() + startsWithinMs;
    while (!isStopping) {
      try {
        const gate = await startProcess(sim, site, {
          env: {
            ...{ DATABASE_URL: databaseUrl, WORKERS: "8" },
            ...{ NODE_OPTIONS: `--import=${shiftedClock}`, SHIFTED_CLOCK: place.clockFile },
          },
          takesDeliveries: false,
        });
        outputs.push(gate.output);
        wanted.add(gate.pid);
        place.gate = gate;
        void gate.exited.then((code) => {
          if (place.gate === gate) place.gate = undefined;
          if (wanted.has(gate.pid)) fallen.push(`a process ended by itself with ${code}`);
        });
        return;
      } catch (error) {
        if (Date.now() > giveUpAt) throw error;
        await sleep(300);
      }
    }
  }

  const places = Array.from({ length: count }, (_, nth): Place => {
    const place: Place = {
      ...{ clockFile: join(site.folder, `clock-${nth}`), aheadMs: 0 },
      ...{ gate: undefined, filling: Promise.resolve() },
    };
    place.filling = fill(place);
    place.filling.catch(() => undefined);
    return place;
  });
  const gateAt = (
    nth: number,
  ): { readonly place: Place; readonly gate: GateProcess } | undefined => {
    const place = places[nth % places.length];
    return place?.gate === undefined ? undefined : { place, gate: place.gate };
  };
  const signal = (gate: GateProcess, name: NodeJS.Signals): void => {
    try {
      process.kill(gate.pid, name);
    } catch {
      // It has just ended.
    }
  };
  const resumeAll = (): void => {
    for (const { gate } of places) if (gate !== undefined) signal(gate, "SIGCONT");
  };

  return {
    urls: () => places.flatMap(({ gate }) => (gate === undefined ? [] : [gate.url])),
    end: (nth, name, backAfterMs) => {
      const found = gateAt(nth);
      if (found === undefined) return;
      const { place, gate } = found;
      wanted.delete(gate.pid);
      place.gate = undefined;
      signal(gate, name);
      // One that is suspended hears of its end when it goes on.
      signal(gate, "SIGCONT");
      place.filling = gate.exited.then(() => sleep(backAfterMs)).then(() => fill(place));
      place.filling.catch(() => undefined);
    },
    suspend: (nth) => {
      const found = gateAt(nth);
      if (found !== undefined) signal(found.gate, "SIGSTOP");
    },
    resumeAll,
    setClock: (nth, aheadMs) => {
      const place = places[nth % places.length];
      if (place === undefined) return;
      place.aheadMs = aheadMs;
      writeFileSync(place.clockFile, String(aheadMs));
    },
    aheadMs: (nth) => places[nth % places.length]?.aheadMs ?? 0,
    allRun: async () => {
      for (const place of places) {
        await place.filling;
        if (place.gate !== undefined) continue;
        // It ended by itself, which is told as such.
        place.filling = fill(place);
        await place.filling;
      }
    },
    stop: async () => {
      isStopping = true;
      resumeAll();
      await Promise.allSettled(places.map(({ filling }) => filling));
      await Promise.all(
        places.map(async ({ gate }) => {
          if (gate === undefined) return;
          wanted.delete(gate.pid);
          await gate.kill("SIGKILL");
        }),
      );
    },
    fallen,
    output: () => outputs.map((read) => read()).join("\n---\n"),
  };
}
