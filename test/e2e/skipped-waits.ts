import type { MovableClock } from "../../src/introduce.ts";
import type { Simulator } from "@gatehouse/github-simulator";
import { rowsIn } from "./rows-in.ts";

/** What becomes due within this time belongs to what happened: a burst that settles, a list that lags, a second try. */
export const settlesWithinMs = 6000;

/** One clock for GitHub, the gate and the oracle. */
export interface MovableTime extends MovableClock {
  readonly move: (ms: number) => void;
}

/** Runs with the machine's clock, from `startsAt` (now if left out), and is moved on top of that. */
export function movableTime(startsAt?: number): MovableTime {
  const listeners = new Set<() => void>();
  let shift = startsAt === undefined ? 0 : startsAt - Date.now();
  return {
    now: () => Date.now() + shift,
    onMove: (listener) => void listeners.add(listener),
    move: (ms) => {
      shift += ms;
      for (const listener of listeners) listener();
    },
  };
}

/** What a gate has to do: pieces of work and deliveries under way, and when the next that waits becomes due (infinity: nothing waits). */
export async function workIn(databaseUrl: string): Promise<{
  readonly running: number;
  readonly nextDue: number;
}> {
  const [row] = await rowsIn<{ readonly running: number; readonly due: number | null }>(
    databaseUrl,
    "select (select count(*) from queue where state = 'leased') + (select count(*) from inbox where state = 'unrouted') as running, (select min(due_at) from queue where state = 'waiting') as due",
  );
  return { running: row?.running ?? 0, nextDue: row?.due ?? Infinity };
}

interface Skipped {
  readonly sim: Simulator;
  readonly time: MovableTime;
  readonly databaseUrl: string;
}

/**
 * Moves the clock to when the next piece of work becomes due, as soon as nothing else is under way: what is waited for
 * happens in the order and with the instants that it would have, and no test sits the wait out.
 */
export function skipWaits({ sim, time, databaseUrl }: Skipped): { readonly stop: () => void } {
  let isStopped = false;
  let seen = "";
  const skip = async (): Promise<void> => {
    await sim.settled();
    if (isStopped) return;
    const { running, nextDue } = await workIn(databaseUrl);
    const wait = nextDue - time.now();
    // Twice the same: a test that acts again at once is not overtaken.
    const state = `${running} ${nextDue}`;
    const isUnchanged = state === seen;
    seen = state;
    if (running > 0 || !isUnchanged || wait > settlesWithinMs) return;
    // What a test made due behind the gate's back need not wait until the gate looks by itself.
    time.move(Math.max(0, wait));
    sim.advance(0);
  };
  const look = async (): Promise<void> => {
    while (!isStopped) {
      // A database that a test takes away is not looked into meanwhile.
      await skip().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 15).unref());
    }
  };
  void look();
  return { stop: () => void (isStopped = true) };
}
