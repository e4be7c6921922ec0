import { sql } from "kysely";
import type { Store } from "#core/ports/index.ts";
import { createAuditLog } from "../audit/append.ts";
import { type AuditTrail, createAuditTrail } from "../audit/trail.ts";
import { createMergeGroups } from "./merge-groups.ts";
import { createPushes } from "./pushes.ts";
import { createQueue } from "../queue/queue.ts";
import { createActs } from "./acts.ts";
import { backup } from "./backup.ts";
import { openDatabase } from "./database.ts";
import { createDeployments } from "./deployments.ts";
import { createInbox } from "./inbox.ts";
import { createKeptInputs } from "./kept-inputs.ts";
import { createLedger } from "./ledger.ts";
import { parseLocation } from "./location.ts";
import { migrate } from "./migrate.ts";
import { createOutbox } from "./outbox.ts";
import { prune } from "./prune.ts";
import { createRecords } from "./records.ts";
import { createTickets } from "./tickets.ts";
import { oldestVerdictAge } from "./verdict-age.ts";
import { createWriter, type Database } from "./writer.ts";

/** The store, and what only the operator's commands ask of it. */
export interface OpenStore extends Store {
  readonly trail: AuditTrail;
  /** A consistent copy into a new file, while the service runs. */
  readonly backup: (path: string) => Promise<void>;
  /** Forgets settled effects and superseded decisions of before this instant; answers how many rows went. */
  readonly prune: (before: number) => Promise<number>;
  /** Age in ms of the oldest verdict that is due to be judged again and was not; 0 when none is. */
  readonly oldestVerdictAge: (now: number) => Promise<number>;
}

/**
 * Opens the database of a DATABASE_URL (`file:PATH`, `:memory:`), makes it where it is missing and brings it up to this version.
 * Throws `GatehouseError`: "unsupported" (not a URL for this version, or a database of a newer one), "unavailable" (cannot be opened).
 */
export async function openStore(options: {
  readonly url: string;
  readonly now?: () => number;
}): Promise<OpenStore> {
  const now = options.now ?? Date.now;
  const db = await openDatabase(parseLocation(options.url));
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return storeOver({ read: db, write: createWriter(db) }, now);
}

/** Everything over one database. */
export function storeOver(database: Database, now: () => number): OpenStore {
  const db = database.read;
  return {
    inbox: createInbox(database, now),
    queue: createQueue(database, now),
    records: createRecords(database, now),
    pushes: createPushes(database),
    mergeGroups: createMergeGroups(database),
    acts: createActs(database),
    deployments: createDeployments(database),
    tickets: createTickets(database),
    outbox: createOutbox(database, now),
    audit: createAuditLog(database),
    ledger: createLedger(database, now),
    inputs: createKeptInputs(database),
    trail: createAuditTrail(db),
    backup: (path) => backup(db, path),
    prune: (before) => prune(database, before),
    oldestVerdictAge: (at) => oldestVerdictAge(db, at),
    // Also that it can be written: a full or read-only disk takes no delivery.
    ping: async () => {
      await database.write((transaction) =>
        sql`update counters set value = value where name = 'generation'`.execute(transaction),
      );
    },
    close: () => db.destroy(),
  };
}
