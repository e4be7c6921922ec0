import { GatehouseError } from "#core/model/errors.ts";
import { createAuditTrail } from "../audit/trail.ts";
import { verifyAudit, type AuditVerification } from "../audit/verify.ts";
import { contentsOf, insertRows, lastRow, pages } from "./rows.ts";
import { openSource, type Source } from "./source.ts";
import { continueNumbers, distrust, finish, openTarget } from "./target.ts";
import { type MovedTable, movedTables } from "./tables.ts";
import { ofOption, wentAway } from "./trouble.ts";
import type { Database } from "../store/writer.ts";

export interface Moved {
  /** Rows by table, as they were counted and compared on both sides. */
  readonly tables: Readonly<Record<string, number>>;
  /** Of the log that was moved; it is moved as it is, whole or not. */
  readonly audit: AuditVerification;
}

/**
 * Moves an embedded database into PostgreSQL, each piece in a transaction of its own. A run that was broken off is gone
 * on with by the next one; until everything was compared on both sides, no gate starts over the target.
 */
export async function moveStore(options: {
  readonly path: string;
  readonly to: string;
  readonly onStep?: (step: string) => void;
}): Promise<Moved> {
  const { path, to, onStep = () => undefined } = options;
  const source = await openSource(path);
  try {
    const { database, onLost } = await openTarget(to, source).catch((error: unknown) => {
      throw ofOption(error);
    });
    let lost: GatehouseError | undefined;
    onLost((error) => (lost = error));
    try {
      return await moveInto(source, database, onStep);
    } catch (error) {
      throw lost !== undefined && error === lost ? wentAway(lost) : error;
    } finally {
      await database.read.destroy();
    }
  } finally {
    await source.db.destroy();
  }
}

async function moveInto(
  source: Source,
  target: Database,
  onStep: (step: string) => void,
): Promise<Moved> {
  for (const table of movedTables) {
    onStep(`moving ${table.name}`);
    for await (const rows of pages(source.db, table, await lastRow(target.read, table)))
      await target.write((transaction) => insertRows(transaction, table, rows));
  }
  await target.write((transaction) => continueNumbers(transaction, source.numbers));
  onStep("comparing both sides");
  const tables: Record<string, number> = {};
  for (const table of movedTables) tables[table.name] = await compared(source, target, table);
  const audit = await verifyAudit({ trail: createAuditTrail(target.read) });
  await target.write(finish);
  return { tables, audit };
}

async function compared(source: Source, target: Database, table: MovedTable): Promise<number> {
  const here = await contentsOf(source.db, table);
  const there = await contentsOf(target.read, table);
  if (here.digest === there.digest) return there.rows;
  await target.write((transaction) => distrust(transaction, source));
  throw new GatehouseError(
    "invalid",
    `--to: the table ${table.name} is not the same on both sides (${here.rows} rows in the file, ${there.rows} in PostgreSQL), so that nothing can start over that database yet. Another program may have written to it meanwhile: stop that, and run this again, which moves everything anew.`,
  );
}
