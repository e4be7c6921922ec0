import { GatehouseError } from "#core/model/errors.ts";

/** A failure in a word that may be shown outside: its code, never its message (which may carry a path or an address). */
export function describeFailure(error: unknown): string {
  return error instanceof GatehouseError ? error.code : "internal";
}
