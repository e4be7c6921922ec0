import { GatehouseError } from "#core/model/errors.ts";
import type { StoreLocation } from "../store/watched-location.ts";
import { kindOf, reasonOf, refusal } from "./failure.ts";

/** The server as it was met last: told once that it is gone, and once that it is back. */
export interface Server extends StoreLocation {
  /** The error for a failure of the driver; while the server is gone always the same one. */
  readonly failed: (cause: unknown) => GatehouseError;
  readonly answered: () => void;
}

export function createServer(): Server {
  const listeners = new Set<Parameters<StoreLocation["watch"]>[0]>();
  let lost: GatehouseError | null = null;
  return {
    // The database tells by itself: there is nothing to look at beforehand.
    check: () => undefined,
    watch: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    failed: (cause) => {
      if (kindOf(cause) !== "lost") return refusal(cause);
      if (lost !== null) return lost;
      lost = new GatehouseError(
        "unavailable",
        `DATABASE_URL: the PostgreSQL server cannot be reached or takes nothing (${reasonOf(cause)}): nothing is taken and nothing is decided until it does again, and Gatehouse goes on by itself then. Look at the server and at the way to it.`,
        { cause },
      );
      for (const listener of listeners) listener.onLost(lost);
      return lost;
    },
    answered: () => {
      if (lost === null) return;
      lost = null;
      for (const listener of listeners) listener.onBack();
    },
  };
}
