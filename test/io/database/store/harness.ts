import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { Lease } from "#core/ports/queue.ts";
import { emptied, type TestPostgres } from "../../../support/postgres.ts";
import { openStore, type OpenStore } from "#io/database/store/open-store.ts";
import { scratchFolder } from "../../../support/scratch.ts";

export * from "./harness-data.ts";

/** A clock that stands still until it is told to go on. */
export interface HandClock {
  readonly now: () => number;
  readonly forward: (ms: number) => number;
}

export function handClock(start = 1_800_000_000_000): HandClock {
  let at = start;
  return { now: () => at, forward: (ms) => (at += ms) };
}

/** One way to keep a store; the contract runs over each. */
export interface Kind {
  readonly name: string;
  /** A fresh, empty store, closed after the test. */
  readonly open: (clock?: HandClock) => Promise<OpenStore>;
}

const opened: OpenStore[] = [];
const directories: string[] = [];

/** Registers the cleaning-up in the calling test file. */
export function closeAfterEach(): void {
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
    for (const directory of directories.splice(0))
      rmSync(directory, { recursive: true, force: true });
  });
}

export async function openAt(url: string, clock: HandClock = handClock()): Promise<OpenStore> {
  const store = await openStore({ url, now: clock.now });
  opened.push(store);
  return store;
}

export function freshDirectory(): string {
  const directory = scratchFolder("gatehouse-store-");
  directories.push(directory);
  return directory;
}

export const kinds: readonly Kind[] = [
  {
    name: "libsql file",
    open: (clock) => openAt(`file:${join(freshDirectory(), "gatehouse.db")}`, clock),
  },
  { name: "libsql memory", open: (clock) => openAt(":memory:", clock) },
];

/** One database of a test's server for test after test, emptied in between. */
export function postgresKind(server: () => TestPostgres): Kind {
  let url: Promise<string> | undefined;
  return {
    name: "PostgreSQL",
    open: async (clock) => {
      url ??= server().newDatabase();
      await emptied(await url);
      return openAt(await url, clock);
    },
  };
}

/** The only lease that is to be had now. */
export async function theLease(store: OpenStore, now: number, leaseMs = 60_000): Promise<Lease> {
  const leases = await store.queue.lease("worker", now, leaseMs, 10);
  const [lease] = leases;
  if (lease === undefined || leases.length > 1)
    throw new Error(`expected one lease, got ${leases.length}`);
  return lease;
}
