import type { AppCredentials, Settings } from "../env.ts";
import { UnusableInput } from "./answer.ts";
import { settingsHere } from "./store.ts";

/** The settings of the service with the App's credentials: what it takes to ask GitHub. */
export function liveSettings(): { readonly settings: Settings; readonly app: AppCredentials } {
  const settings = settingsHere();
  if (settings.app === null)
    throw new UnusableInput(
      "APP_ID, PRIVATE_KEY (or PRIVATE_KEY_PATH) and WEBHOOK_SECRET are not set: GitHub is asked with the App's credentials; set those of the service, or run this where its .env is",
    );
  return { settings, app: settings.app };
}

/** What is missing in an answer that was made without the service's own database. */
export function withoutRecord(isThere: boolean, settings: Settings): readonly string[] {
  if (isThere) return [];
  return [
    `${settings.databaseUrl.replace(/^file:/, "")}: no such database, so what people said (holds, overrides, approvals, freezes) is not known here; set DATABASE_URL to the service's`,
  ];
}
