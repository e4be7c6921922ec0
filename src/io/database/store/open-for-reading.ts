import { existsSync } from "node:fs";
import { GatehouseError } from "#core/model/errors.ts";
import type { Store } from "#core/ports/store.ts";
import { openReadOnly } from "./database.ts";
import { parseLocation } from "./location.ts";
import { isOfThisVersion } from "./migrate.ts";
import { openStore, storeOver } from "./open-store.ts";
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
  const db = await openReadOnly(location.path);
  const close = async (): Promise<void> => {
    await db.destroy();
    await scratch.close();
  };
  if (!(await isOfThisVersion(db))) {
    await close();
    throw new GatehouseError(
      "unsupported",
      `${location.path} is of another version of gatehouse: start this version's service once, which brings it up to date, or ask with the version that runs.`,
    );
  }
  const refuse = (): Promise<never> =>
    Promise.reject(new GatehouseError("unsupported", "a question writes nothing"));
  return {
    store: overlayStore(scratch, storeOver({ read: db, write: refuse }, options.now)),
    isThere: true,
    close,
  };
}
