import { createHash } from "node:crypto";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../store/tables.ts";
import type { MovedTable } from "./tables.ts";

export type Row = Readonly<Record<string, string | number | Uint8Array | null>>;

/** Bytes come in a shape of each driver's own. */
type ReadRow = Readonly<Record<string, Row[string] | ArrayBuffer>>;

const asBound = (row: ReadRow): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof ArrayBuffer ? new Uint8Array(value) : value,
    ]),
  );

const columns = (names: readonly string[]): RawBuilder<unknown> =>
  sql.join(names.map((name) => sql.ref(name)));

/** The next rows after this one, in the order of the key; the first ones where there is none. */
async function rowsAfter(
  db: Db,
  table: MovedTable,
  after: Row | undefined,
): Promise<readonly Row[]> {
  const beyond =
    after === undefined
      ? sql``
      : sql`where (${columns(table.key)}) > (${sql.join(table.key.map((name) => after[name]))})`;
  const { rows } = await sql<ReadRow>`
    select * from ${sql.table(table.name)} ${beyond} order by ${columns(table.key)} limit ${sql.lit(table.atOnce)}`.execute(
    db,
  );
  return rows.map(asBound);
}

export async function* pages(
  db: Db,
  table: MovedTable,
  after?: Row,
): AsyncGenerator<readonly Row[], void, undefined> {
  for (let last = after; ;) {
    const rows = await rowsAfter(db, table, last);
    if (rows.length === 0) return;
    yield rows;
    last = rows.at(-1);
  }
}

/** The row that is last by its key. */
export async function lastRow(db: Db, table: MovedTable): Promise<Row | undefined> {
  const backwards = sql.join(table.key.map((name) => sql`${sql.ref(name)} desc`));
  const { rows } = await sql<Row>`
    select * from ${sql.table(table.name)} order by ${backwards} limit 1`.execute(db);
  return rows[0];
}

export async function insertRows(db: Db, table: MovedTable, rows: readonly Row[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const names = Object.keys(first);
  const values = rows.map((row) => sql`(${sql.join(names.map((name) => row[name]))})`);
  await sql`insert into ${sql.table(table.name)} (${columns(names)}) values ${sql.join(values)}`.execute(
    db,
  );
}

/** How many rows a table holds, and what they say, to the last byte. */
export interface Contents {
  readonly rows: number;
  readonly digest: string;
}

export async function contentsOf(db: Db, table: MovedTable): Promise<Contents> {
  const hash = createHash("sha256");
  let count = 0;
  for await (const rows of pages(db, table)) {
    count += rows.length;
    for (const row of rows) hash.update(`${rowText(row)}\n`);
  }
  return { rows: count, digest: hash.digest("hex") };
}

/** The same text over either database, whatever the order of its columns. */
const rowText = (row: Row): string =>
  JSON.stringify(
    Object.keys(row)
      .sort()
      .map((name) => {
        const value = row[name];
        return value instanceof Uint8Array
          ? [name, Buffer.from(value).toString("base64")]
          : [name, value];
      }),
  );
