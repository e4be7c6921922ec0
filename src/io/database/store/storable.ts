import { GatehouseError } from "#core/model/errors.ts";

/**
 * Text as the database will give it back, to be applied before anything is hashed: libsql reads text only up to a NUL,
 * and half a surrogate pair has no UTF-8. Hostile input gets U+FFFD in their place.
 */
export function storableText(text: string): string {
  return text.replaceAll("\0", "\ufffd").replace(/\p{Surrogate}/gu, "\ufffd");
}

/** A query parameter libsql can bind. Booleans become 0 and 1: libsql ends the whole process on them. */
export function storable(value: unknown): string | number | bigint | Uint8Array | null {
  if (value === null) return null;
  if (typeof value === "string") return storableText(value);
  if (typeof value === "number") {
    if (Number.isFinite(value)) return value;
    throw new GatehouseError("invalid", `${value} cannot be stored.`);
  }
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "bigint" || value instanceof Uint8Array) return value;
  throw new GatehouseError("invalid", `A value of type ${typeof value} cannot be stored.`);
}
