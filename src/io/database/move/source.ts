import { existsSync } from "node:fs";
import { sql } from "kysely";
import { GatehouseError } from "#core/model/errors.ts";
import type { AuditHead } from "#core/ports/audit.ts";
import { readHead } from "../audit/trail.ts";
import { openAlone } from "../store/database.ts";
import { unreadable } from "../store/location.ts";
import { schemaOf } from "../store/migrate.ts";
import type { Db } from "../store/tables.ts";

/** The embedded database that is moved: nobody else is in it meanwhile, and nothing of it is changed. */
export interface Source {
  readonly path: string;
  readonly db: Db;
  readonly numbers: Numbers;
}

/** What goes on rising where it was. Every process over a database raises one of them, so that they say which state it is in. */
export interface Numbers {
  readonly head: AuditHead;
  readonly generation: number;
  readonly wish: number;
  /** Sequence numbers given to deliveries and acts so far, to those that were removed by age too. */
  readonly inbox: number;
  readonly acts: number;
}

export async function openSource(path: string): Promise<Source> {
  if (!existsSync(path))
    throw new GatehouseError(
      "unsupported",
      `DATABASE_URL: ${path}: no such database. Set DATABASE_URL to the embedded database that is to be moved, or run this where the service's .env is.`,
    );
  const db = openAlone(path);
  if (db === null)
    throw new GatehouseError(
      "unavailable",
      `DATABASE_URL: a process has ${path} open, and what it goes on writing there would not be moved. Stop gatehouse and whatever else reads the file, and run this again.`,
    );
  try {
    const schema = await schemaOf(db).catch((cause: unknown) => {
      throw unreadable(path, cause);
    });
    if (schema !== "this")
      throw new GatehouseError(
        "unsupported",
        schema === "none"
          ? `DATABASE_URL: ${path} holds no records of gatehouse: it is empty, or another program's. Set DATABASE_URL to the embedded database that is to be moved.`
          : `DATABASE_URL: ${path} is of another version of gatehouse. Start this version's service over it once, which brings it up to date, stop it, and run this again.`,
      );
    return { path, db, numbers: await numbersOf(db) };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

async function numbersOf(db: Db): Promise<Numbers> {
  const counters = await db.selectFrom("counters").selectAll().execute();
  const { rows } = await sql<{ readonly name: string; readonly seq: number }>`
    select name, seq from sqlite_sequence`.execute(db);
  const counter = (name: string): number => counters.find((row) => row.name === name)?.value ?? 0;
  const given = (name: string): number => rows.find((row) => row.name === name)?.seq ?? 0;
  return {
    head: await readHead(db),
    generation: counter("generation"),
    wish: counter("wish"),
    inbox: given("inbox"),
    acts: given("acts"),
  };
}
