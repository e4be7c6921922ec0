import { join } from "node:path";
import Libsql from "libsql";
import { letGo } from "../e2e/rows-in.ts";
import type { TestPostgres } from "../support/postgres.ts";
import { createCluster } from "./cluster.ts";
import { startProxy } from "./proxy.ts";

/** The database under the processes, and what may befall it. */
export interface TroubledStore {
  /** Where the processes find it; what befalls it, befalls them. */
  readonly url: string;
  /** Where the chaos looks into it. */
  readonly calmUrl: string;
  readonly down: () => void;
  readonly slow: (byMs: number) => void;
  readonly cut: () => void;
  /** The server ends at once, and one that has followed it takes over so much later. */
  readonly failOver: (forMs: number) => void;
  /** Ends all of it, but lets a server that is taking over do so. */
  readonly mend: () => void;
  /** Resolves when a server works, whichever it is; rejects where none took over. */
  readonly works: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A server of its own behind a network of its own. */
export async function troubledPostgres(server: TestPostgres): Promise<TroubledStore> {
  const cluster = createCluster(server);
  const database = await server.newDatabase();
  const [calm, proxy] = await Promise.all([startProxy(server.port), startProxy(server.port)]);
  const through = ({ port }: { readonly port: number }): string => {
    const url = new URL(database);
    url.port = String(port);
    return url.href;
  };
  let isDown = false;
  /** While one server takes over from another, neither is stopped or started for other reasons. */
  let takingOver: Promise<void> | undefined;
  let failed: unknown;
  const leadTo = (port: number): void => {
    for (const one of [calm, proxy]) {
      one.lead(port);
      one.cut();
    }
  };
  return {
    url: through(proxy),
    calmUrl: through(calm),
    down: () => {
      if (isDown || takingOver !== undefined) return;
      isDown = true;
      cluster.halt();
    },
    slow: proxy.delay,
    cut: proxy.cut,
    failOver: (forMs) => {
      if (isDown || takingOver !== undefined) return;
      takingOver = cluster
        .failOver(forMs, () => leadTo(0))
        .then(() => leadTo(cluster.port()))
        .catch((error: unknown) => void (failed = error))
        .finally(() => (takingOver = undefined));
    },
    mend: () => {
      proxy.delay(0);
      if (isDown) cluster.resume();
      isDown = false;
    },
    works: async () => {
      await takingOver;
      if (failed !== undefined) throw new Error("no server took over", { cause: failed });
    },
    stop: async () => {
      await takingOver;
      for (const one of [calm, proxy]) one.stop();
      await letGo(through(calm));
      await cluster.stop();
    },
  };
}

/** A file has no server that stops: somebody else holds the lock on it. */
export function troubledFile(folder: string): TroubledStore {
  const path = join(folder, "gatehouse.db");
  const url = `file:${path}`;
  let holder: Libsql.Database | undefined;
  const hold = (): void => {
    if (holder !== undefined) return;
    const db = new Libsql(path, { timeout: 1 });
    try {
      db.exec("begin immediate");
      holder = db;
    } catch {
      // The gate holds it itself at this moment.
      db.close();
    }
  };
  const mend = (): void => {
    holder?.close();
    holder = undefined;
  };
  return {
    url,
    calmUrl: url,
    down: hold,
    slow: hold,
    cut: () => undefined,
    failOver: () => undefined,
    mend,
    works: () => Promise.resolve(),
    stop: () => Promise.resolve(mend()),
  };
}
