import type { GatehouseError } from "#core/model/errors.ts";
import type { Store } from "#core/ports/store.ts";
import { createAuditLog } from "../audit/append.ts";
import { replayedAt } from "../audit/replay.ts";
import { type AuditTrail, createAuditTrail } from "../audit/trail.ts";
import { type Companions, companionsAtFile, type Joining } from "./companions.ts";
import { createMergeGroups } from "./merge-groups.ts";
import { type StoreLocation, nowhere, watchedLocation } from "./watched-location.ts";
import { createContributors } from "./contributors.ts";
import { createPushes } from "./pushes.ts";
import { createQueue } from "../queue/queue.ts";
import { createActs } from "./acts.ts";
import { createApiTokens } from "./api-tokens.ts";
import { backup } from "./backup.ts";
import { openDatabase } from "./database.ts";
import { createDeployments } from "./deployments.ts";
import { refuseHalfMoved } from "./half-moved.ts";
import { createInbox } from "./inbox.ts";
import { createKeptInputs } from "./kept-inputs.ts";
import { createLedger } from "./ledger.ts";
import { parseLocation } from "./location.ts";
import { migrate } from "./migrate.ts";
import { createMeasurements } from "./measurements.ts";
import { createOutbox } from "./outbox.ts";
import { prune } from "./prune.ts";
import { createRecords } from "./records.ts";
import { createRoom } from "./room.ts";
import { createSessions } from "./sessions.ts";
import { createTickets } from "./tickets.ts";
import { oldestVerdictAge } from "./verdict-age.ts";
import { createViews } from "./views.ts";
import type { Db } from "./tables.ts";
import { createWriter, type Database } from "./writer.ts";

/** The store, and what only the operator's commands ask of it. */
export interface OpenStore extends Store {
  /** Whether other processes may work over the same database. */
  readonly isShared: boolean;
  /** Epoch ms of the clock that everybody over this database goes by: a server's own, else this machine's. */
  readonly now: () => number;
  readonly trail: AuditTrail;
  /** A consistent copy into a new file, while the service runs. */
  readonly backup: (path: string) => Promise<void>;
  /** Forgets settled effects, superseded decisions, pushes, and sessions and tokens that ran out, of before this instant; answers how many rows went. */
  readonly prune: (before: number) => Promise<number>;
  /** Age in ms of the oldest verdict that is due to be judged again and was not; 0 when none is. */
  readonly oldestVerdictAge: (now: number) => Promise<number>;
  /** Works beside the other processes over the same database, under this name, until `close`. */
  readonly join: (joining: Joining) => Promise<void>;
  /** Tells once when the database is gone (its files deleted or replaced, its server not to be reached), and once when it is back; until `close`. */
  readonly onLost: (tell: (error: GatehouseError) => void, tellBack?: () => void) => void;
}

/** Connections of one process to PostgreSQL, those for waking up not counted. */
export const defaultPoolSize = 10;

/**
 * Opens the database of a DATABASE_URL (`file:PATH`, `:memory:`, `postgres://…`), makes its tables and brings them up to this version.
 * Throws `GatehouseError`: "unsupported" (not a URL for this version, not let in, or a database of a newer one), "unavailable" (cannot be opened).
 */
export async function openStore(options: {
  readonly url: string;
  /** Another clock than the database's. */
  readonly now?: () => number;
  readonly poolSize?: number;
  /** What one statement of PostgreSQL may take; as in production if left out. */
  readonly statementMs?: number;
}): Promise<OpenStore> {
  const location = parseLocation(options.url);
  if (location.kind === "postgres") {
    // A driver that an embedded store never needs.
    const { openPostgres, migratePostgres } = await import("../postgres/open-postgres.ts");
    const { postgresCompanions } = await import("../postgres/companions.ts");
    const { createServerClock } = await import("../postgres/server-clock.ts");
    const { database, server } = await openPostgres({
      url: location.url,
      size: options.poolSize ?? defaultPoolSize,
      ...(options.statementMs === undefined ? {} : { statementMs: options.statementMs }),
    });
    await orClosed(database.read, refuseHalfMoved(database.read));
    await orClosed(database.read, migratePostgres(location.url));
    const clock = createServerClock(database.read);
    await orClosed(database.read, clock.ask());
    const now = options.now ?? clock.now;
    const others = postgresCompanions(location.url, database, now);
    return storeOver(database, now, server, async (joining) => {
      const leave = await others(joining);
      const stop = clock.follow();
      return async () => {
        stop();
        await leave();
      };
    });
  }
  const now = options.now ?? Date.now;
  const db = await openDatabase(location);
  const place = location.kind === "file" ? watchedLocation(location.path) : nowhere;
  await orClosed(db, migrate(db));
  return storeOver({ read: db, write: createWriter(db, place.check) }, now, place);
}

async function orClosed(db: Db, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** Everything over one database. */
export function storeOver(
  database: Database,
  now: () => number,
  place: StoreLocation = nowhere,
  companions?: Companions,
): OpenStore {
  const db = database.read;
  const room = createRoom(createInbox(database, now), database.write);
  const watches: (() => void)[] = [];
  const leaves: (() => Promise<void>)[] = [];
  const inputs = createKeptInputs(database);
  const trail = createAuditTrail(db);
  const queue = createQueue(database, now);
  const joinOthers = companions ?? companionsAtFile(queue);
  return {
    inbox: room.inbox,
    queue,
    records: createRecords(database, now),
    pushes: createPushes(database),
    contributors: createContributors(database),
    mergeGroups: createMergeGroups(database),
    acts: createActs(database),
    deployments: createDeployments(database),
    tickets: createTickets(database),
    outbox: createOutbox(database, now),
    audit: createAuditLog(database),
    ledger: createLedger(database, now),
    inputs,
    measurements: createMeasurements(database),
    sessions: createSessions(database),
    tokens: createApiTokens(database),
    views: createViews(db, (seq) => replayedAt({ trail, inputs }, seq)),
    isShared: companions !== undefined,
    now,
    trail,
    backup: (path) => backup(db, path),
    prune: (before) => prune(database, before),
    oldestVerdictAge: (at) => oldestVerdictAge(db, at),
    // Also that it can be written: a full or read-only disk takes no delivery.
    ping: room.try,
    onLost: (tell, tellBack = () => undefined) =>
      void watches.push(place.watch({ onLost: tell, onBack: tellBack })),
    join: async (joining) => void leaves.push(await joinOthers(joining)),
    close: async () => {
      for (const leave of leaves.splice(0)) await leave();
      for (const stop of watches.splice(0)) stop();
      await db.destroy();
    },
  };
}
