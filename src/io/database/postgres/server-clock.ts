import { performance } from "node:perf_hooks";
import { sql } from "kysely";
import type { Db } from "../store/tables.ts";

const askEveryMs = 5_000;

/** The clock of the database's server, which every process over it goes by, however far apart their machines' are. */
export interface ServerClock {
  /** Epoch ms. Between two answers of the server it runs with this process's steady timer, which nobody sets. */
  readonly now: () => number;
  /** Asks the server what time it is; rejects where it does not answer. */
  readonly ask: () => Promise<void>;
  /** Asks again every few seconds; answers how to end that. */
  readonly follow: () => () => void;
}

/** `steady`: ms of a timer that never goes back. Before the first answer it is this machine's time. */
export function createServerClock(
  db: Db,
  steady: () => number = () => performance.now(),
): ServerClock {
  let isKnown = false;
  /** What the steady timer is to be added to. */
  let base = Date.now() - steady();

  async function ask(): Promise<void> {
    const asked = steady();
    const { rows } = await sql<{ readonly at: number }>`
      select (extract(epoch from clock_timestamp()) * 1000)::bigint as at`.execute(db);
    const [row] = rows;
    if (row === undefined) return;
    const inDoubt = (steady() - asked) / 2;
    const told = row.at - (asked + inDoubt);
    // Within what the way to the server leaves open, the time that is kept is as good, and does not jump.
    if (isKnown && Math.abs(told - base) <= inDoubt + 1) return;
    base = told;
    isKnown = true;
  }

  return {
    now: () => Math.floor(base + steady()),
    ask,
    follow: () => {
      // One that is not answered is asked again: until then the steady timer goes on.
      const timer = setInterval(() => void ask().catch(() => undefined), askEveryMs).unref();
      return () => clearInterval(timer);
    },
  };
}
