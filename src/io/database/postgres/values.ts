import { types, type CustomTypesConfig } from "pg";
import { GatehouseError } from "#core/model/errors.ts";

const { INT8, NUMERIC } = types.builtins;

/** PostgreSQL answers counts, sums and bigints as text, for they may be larger than a number: ours never are. */
function whole(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new GatehouseError("invalid", "The database holds a number too large to be told exactly.");
}

/** The one place where what the server answers becomes a value of ours. */
export const valueTypes: CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    format !== "binary" && (Number(oid) === INT8 || Number(oid) === NUMERIC)
      ? whole
      : types.getTypeParser(Number(oid), format ?? "text"),
};
