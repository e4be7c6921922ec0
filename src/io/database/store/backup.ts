import { sql } from "kysely";
import { GatehouseError } from "#core/model/errors.ts";
import type { Db } from "./tables.ts";

/** Writes a compact, consistent copy to a file that must not exist yet. Readers and writers of this process wait for it. */
export async function backup(db: Db, path: string): Promise<void> {
  try {
    await sql`vacuum into ${path}`.execute(db);
  } catch (cause) {
    throw new GatehouseError(
      "unavailable",
      `The backup ${path} could not be written: it must not exist yet, in a directory this user can write.`,
      { cause },
    );
  }
}
