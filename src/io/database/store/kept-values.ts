import type { Db } from "./tables.ts";

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

/** Keeps the value where none is kept yet. */
export async function keepFirst(transaction: Db, key: string, value: string): Promise<void> {
  await transaction
    .insertInto("kept_values")
    .values({ key, value })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
