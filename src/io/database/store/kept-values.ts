import type { Db } from "./tables.ts";

/** A small durable value by key; null where there is none. */
export async function getValue(db: Db, key: string): Promise<string | null> {
  return (
    (await db.selectFrom("kept_values").select("value").where("key", "=", key).executeTakeFirst())
      ?.value ?? null
  );
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
