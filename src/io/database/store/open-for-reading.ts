import { existsSync } from "node:fs";
import { GatehouseError } from "#core/model/errors.ts";
import type { Store } from "#core/ports/store.ts";
import { openReadOnly } from "./database.ts";
import { parseLocation, unreadable } from "./location.ts";
import { schemaOf } from "./migrate.ts";
import { openStore, storeOver, type OpenStore } from "./open-store.ts";
import { overlayStore } from "./overlay.ts";

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
  if (location.kind !== "file" || !existsSync(location.path))
    return { store: scratch, isThere: false, close: scratch.close };
  const records = await recordsAt(location.path, options.now).catch(async (error: unknown) => {
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
  if (location.kind !== "file" || !existsSync(location.path))
    throw new GatehouseError(
      "unsupported",
      `DATABASE_URL: ${location.kind === "file" ? location.path : url}: no such database. Set DATABASE_URL to the service's, or run this where its .env is.`,
    );
  return recordsAt(location.path, now);
}

async function recordsAt(path: string, now: () => number): Promise<OpenStore> {
  const db = await openReadOnly(path);
  try {
    const schema = await schemaOf(db).catch((cause: unknown) => {
      throw unreadable(path, cause);
    });
    if (schema === "none")
      throw new GatehouseError(
        "unsupported",
        `DATABASE_URL: ${path} holds no records of gatehouse: it is empty, or another program's. Set DATABASE_URL to the service's database, or run this where its .env is.`,
      );
    if (schema === "other")
      throw new GatehouseError(
        "unsupported",
        `DATABASE_URL: ${path} is of another version of gatehouse. Start this version's service once, which brings it up to date, or ask with the version that runs.`,
      );
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const refuse = (): Promise<never> =>
    Promise.reject(new GatehouseError("unsupported", "a question writes nothing"));
  return storeOver({ read: db, write: refuse }, now);
}
