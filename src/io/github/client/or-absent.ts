import { GatehouseError } from "#core/model/errors.ts";

/** null instead of "not_found". */
export async function orAbsent<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof GatehouseError && error.code === "not_found") return null;
    throw error;
  }
}
