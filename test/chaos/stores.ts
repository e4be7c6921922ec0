import { join } from "node:path";
import Libsql from "libsql";
import { letGo } from "../e2e/rows-in.ts";
import type { TestPostgres } from "../support/postgres.ts";
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
  /** Ends all of it. */
  readonly mend: () => void;
  readonly stop: () => Promise<void>;
}

/** A server of its own behind a network of its own. */
export async function troubledPostgres(server: TestPostgres): Promise<TroubledStore> {
  const calmUrl = await server.newDatabase();
  const proxy = await startProxy(server.port);
  const url = new URL(calmUrl);
  url.port = String(proxy.port);
  let isDown = false;
  return {
    url: url.href,
    calmUrl,
    down: () => {
      if (isDown) return;
      isDown = true;
      server.halt();
    },
    slow: proxy.delay,
    cut: proxy.cut,
    mend: () => {
      proxy.delay(0);
      if (isDown) server.resume();
      isDown = false;
    },
    stop: async () => {
      proxy.stop();
      await letGo(calmUrl);
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
    mend,
    stop: () => Promise.resolve(mend()),
  };
}
