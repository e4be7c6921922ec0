import { statSync } from "node:fs";
import { GatehouseError } from "#core/model/errors.ts";

/** Where the open database lies, asked again and again: an open file that was deleted takes everything and keeps nothing. */
export interface StoreLocation {
  /** Throws while the open files are not those at the path; always the same error until they are again. */
  readonly check: () => void;
  /** Looks every second, too, and tells once when they are gone and once when they are back; answers how to stop. */
  readonly watch: (listener: StoreLocationListener) => () => void;
}

export interface StoreLocationListener {
  readonly onLost: (error: GatehouseError) => void;
  readonly onBack: () => void;
}

const lookEveryMs = 1_000;

/** Device and inode: what a file is, whatever its name; null where there is none. */
function fileAt(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? null : `${found.dev}:${found.ino}`;
}

/** Of a database that was just opened. Without its log (`-wal`) the last commits are as lost as without the file. */
export function watchedLocation(path: string): StoreLocation {
  const files = [path, `${path}-wal`].map((name) => ({ name, opened: fileAt(name) }));
  const listeners = new Set<StoreLocationListener>();
  let lost: GatehouseError | null = null;

  const nameOfLost = (): string | null => {
    for (const file of files) {
      let found: string | null = null;
      try {
        found = fileAt(file.name);
      } catch {
        // A folder that cannot be looked into any more is no folder to keep decisions in.
      }
      file.opened ??= found;
      if (file.opened !== null && found !== file.opened) return file.name;
    }
    return null;
  };
  const look = (): GatehouseError | null => {
    const name = nameOfLost();
    if (name === null) {
      if (lost !== null) for (const listener of listeners) listener.onBack();
      return (lost = null);
    }
    if (lost !== null) return lost;
    lost = new GatehouseError(
      "unavailable",
      `DATABASE_URL: ${name} was deleted or replaced while gatehouse had it open: what is written now would be lost, so nothing is taken and nothing is decided. Stop gatehouse, put the database or a backup of it back, and start again.`,
    );
    for (const listener of listeners) listener.onLost(lost);
    return lost;
  };

  return {
    check: () => {
      const error = look();
      if (error !== null) throw error;
    },
    watch: (listener) => {
      listeners.add(listener);
      const timer = setInterval(look, lookEveryMs).unref();
      return () => {
        listeners.delete(listener);
        clearInterval(timer);
      };
    },
  };
}

/** Memory is where it is. */
export const nowhere: StoreLocation = { check: () => undefined, watch: () => () => undefined };
