import { existsSync } from "node:fs";
import { settingsOfProcess, type Settings } from "../env.ts";
import { parseLocation } from "#io/database/store/location.ts";
import type { OpenStore } from "#io/database/store/open-store.ts";
import { UnusableInput } from "./answer.ts";

/** The settings of the service, as the environment tells them here. */
export const settingsHere = (): Settings => settingsOfProcess();

/** Works on the service's own database, which must be there: a question must not make an empty one. */
export async function withStore<T>(
  settings: Settings,
  work: (store: OpenStore) => Promise<T>,
): Promise<T> {
  const location = parseLocation(settings.databaseUrl);
  if (location.kind === "file" && !existsSync(location.path))
    throw new UnusableInput(
      `${location.path}: no such database; set DATABASE_URL to the service's`,
    );
  // The drivers take longer to load than most commands to answer.
  const { openStore } = await import("#io/database/store/open-store.ts");
  const store = await openStore({ url: settings.databaseUrl });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
