import { existsSync } from "node:fs";
import { GatehouseError } from "#core/model/errors.ts";
import type { Store } from "#core/ports/store.ts";
import { openReadOnly } from "./database.ts";
import { refuseHalfMoved } from "./half-moved.ts";
import { type Location, parseLocation, unreadable } from "./location.ts";
import { schemaOf } from "./migrate.ts";
import { openStore, storeOver, type OpenStore } from "./open-store.ts";
import { overlayStore } from "./overlay.ts";
import type { Db } from "./tables.ts";

/** A store to ask questions over: what is there is read, and nothing of it is ever written. */
export interface ReadingStore {
  readonly store: Store;
  /** false: there is no database; what people said is not known. */
  readonly isThere: boolean;
  readonly close: () => Promise<void>;
}

/** Opens the database of a DATABASE_URL without writing to it. What is learned on the way is kept in memory and forgotten. */
export async function openForReading(options: {
  readonly url: string;
  readonly now: () => number;
}): Promise<ReadingStore> {
  const location = parseLocation(options.url);
  const scratch = await openStore({ url: ":memory:", now: options.now });
  const kept = whereKept(location);
  if (kept === null) return { store: scratch, isThere: false, close: scratch.close };
  const records = await recordsAt(kept, options.now).catch(async (error: unknown) => {
    await scratch.close();
    throw error;
  });
  return {
    store: overlayStore(scratch, records),
    isThere: true,
    close: async () => {
      await records.close();
      await scratch.close();
    },
  };
}

/** The records of a DATABASE_URL as they are, to read and nothing else; they must be there. */
export async function openRecords(url: string, now: () => number = Date.now): Promise<OpenStore> {
  const location = parseLocation(url);
  const kept = whereKept(location);
  if (kept === null)
    throw new GatehouseError(
      "unsupported",
      `DATABASE_URL: ${location.kind === "file" ? location.path : url}: no such database. Set DATABASE_URL to the service's, or run this where its .env is.`,
    );
  return recordsAt(kept, now);
}

type Kept = Exclude<Location, { readonly kind: "memory" }>;

/** A server says by itself what is not there. */
const whereKept = (location: Location): Kept | null =>
  location.kind === "postgres" || (location.kind === "file" && existsSync(location.path))
    ? location
    : null;

async function recordsAt(location: Kept, now: () => number): Promise<OpenStore> {
  const { name, db } = await opened(location);
  try {
    if (location.kind === "postgres") await refuseHalfMoved(db);
    const schema = await schemaOf(db).catch((cause: unknown) => {
      throw location.kind === "file" ? unreadable(location.path, cause) : cause;
    });
    if (schema === "none")
      throw new GatehouseError(
        "unsupported",
        `DATABASE_URL: ${name} holds no records of gatehouse: it is empty, or another program's. Set DATABASE_URL to the service's database, or run this where its .env is.`,
      );
    if (schema === "other")
      throw new GatehouseError(
        "unsupported",
        `DATABASE_URL: ${name} is of another version of gatehouse. Start this version's service once, which brings it up to date, or ask with the version that runs.`,
      );
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const refuse = (): Promise<never> =>
    Promise.reject(new GatehouseError("unsupported", "a question writes nothing"));
  return storeOver({ read: db, write: refuse }, now);
}

async function opened(location: Kept): Promise<{ readonly name: string; readonly db: Db }> {
  if (location.kind === "file")
    return { name: location.path, db: await openReadOnly(location.path) };
  const { openPostgres } = await import("../postgres/open-postgres.ts");
  const { database } = await openPostgres({ url: location.url, size: 2, readOnly: true });
  return { name: "the database", db: database.read };
}
