import type { Db } from "./tables.ts";
import type { Database } from "./writer.ts";

/** A small durable value by key; null where there is none. */
export async function getValue(db: Db, key: string): Promise<string | null> {
  return (
    (await db.selectFrom("kept_values").select("value").where("key", "=", key).executeTakeFirst())
      ?.value ?? null
  );
}

/** Small durable values by their keys, as far as there are any. */
export async function getValues(
  db: Db,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (keys.length === 0) return new Map();
  const rows = await db
    .selectFrom("kept_values")
    .select(["key", "value"])
    .where("key", "in", keys)
    .execute();
  return new Map(rows.map(({ key, value }) => [key, value]));
}

export async function setValue(transaction: Db, key: string, value: string): Promise<void> {
  await transaction
    .insertInto("kept_values")
    .values({ key, value })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
    .execute();
}

/** false: it is not `before` any more (null: not there), and stays as it is. */
async function replaceValue(
  transaction: Db,
  key: string,
  before: string | null,
  after: string,
): Promise<boolean> {
  if (before === null) {
    const inserted = await transaction
      .insertInto("kept_values")
      .values({ key, value: after })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return inserted.numInsertedOrUpdatedRows === 1n;
  }
  const updated = await transaction
    .updateTable("kept_values")
    .set({ value: after })
    .where("key", "=", key)
    .where("value", "=", before)
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

/** Also beside processes that set it without looking: what is replaced is what was seen. */
export async function changeValue(
  db: Database,
  key: string,
  change: (before: string | null) => string | null,
): Promise<string | null> {
  for (;;) {
    const before = await getValue(db.read, key);
    const after = change(before);
    if (after === null || after === before) return before;
    if (await db.write((transaction) => replaceValue(transaction, key, before, after)))
      return after;
  }
}

/** Keeps the value where none is kept yet. */
export async function keepFirst(transaction: Db, key: string, value: string): Promise<void> {
  await transaction
    .insertInto("kept_values")
    .values({ key, value })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
