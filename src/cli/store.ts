import { existsSync } from "node:fs";
import { UnusableInput } from "./answer.ts";
import { settingsOfProcess, type Settings } from "../env.ts";
import { parseLocation } from "#io/database/store/location.ts";
import type { OpenStore } from "#io/database/store/open-store.ts";

/** The settings of the service, as the environment tells them here. */
export const settingsHere = (): Settings => settingsOfProcess();

/** Reads the service's own database, which must be there: a question makes none, and changes nothing in it. */
export async function withRecords<T>(
  settings: Settings,
  work: (store: OpenStore) => Promise<T>,
): Promise<T> {
  // The drivers take longer to load than most commands to answer.
  const { openRecords } = await import("#io/database/store/open-for-reading.ts");
  const store = await openRecords(settings.databaseUrl);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Changes the service's own database, which must be there: a new one would be nobody's. */
export async function withStore<T>(
  settings: Settings,
  work: (store: OpenStore) => Promise<T>,
): Promise<T> {
  const location = parseLocation(settings.databaseUrl);
  if (location.kind === "file" && !existsSync(location.path))
    throw new UnusableInput(
      `${location.path}: no such database; set DATABASE_URL to the service's`,
    );
  const { openStore } = await import("#io/database/store/open-store.ts");
  const store = await openStore({ url: settings.databaseUrl });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
