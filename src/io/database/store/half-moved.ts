import { GatehouseError } from "#core/model/errors.ts";
import { sqlOf } from "./dialect-sql.ts";
import type { Db } from "./tables.ts";

/** Stands in a database from the first row that is moved into it until everything there was verified. */
export const moveTable = "unfinished_move";

/** A database that holds half of another one lacks holds and records without anybody noticing, so no gate starts over it. */
export async function refuseHalfMoved(db: Db): Promise<void> {
  if (!(await sqlOf(db).hasTable(db, moveTable))) return;
  throw new GatehouseError(
    "unsupported",
    "DATABASE_URL: another database is being moved into this one, and that has not come to its end. Run the same `npx --no -- gatehouse store move` again, which goes on where it stopped; or make a new, empty database.",
  );
}
