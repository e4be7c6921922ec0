import { DatabaseError } from "pg";
import { GatehouseError } from "#core/model/errors.ts";

/**
 * What a failure of the driver means (https://www.postgresql.org/docs/current/errcodes-appendix.html).
 * - `lost`: the server is not there, or takes nobody; `again`: two transactions stood in each other's way.
 * - `refused`: what was asked cannot be; `trouble`: it can, but not now.
 */
export type FailureKind = "lost" | "again" | "refused" | "trouble";

/** Too many connections, shutting down, starting up, connection broken, and a standby that takes no writes. */
const lostCodes = /^(08...|57P0[1-5]|53300|25006|25P03)$/;
const againCodes = /^(40001|40P01)$/;
const refusedClasses = /^(22|23|42|0A)/;

/** The five letters of the server's answer; null where the driver itself failed, mostly because nobody answered. */
export const sqlState = (cause: unknown): string | null =>
  cause instanceof DatabaseError ? (cause.code ?? null) : null;

export function kindOf(cause: unknown): FailureKind {
  const code = sqlState(cause);
  if (code === null) return "lost";
  if (lostCodes.test(code)) return "lost";
  if (againCodes.test(code)) return "again";
  return refusedClasses.test(code) ? "refused" : "trouble";
}

/** Why nobody answered, in a few words that hold no address and no name. */
export function reasonOf(cause: unknown): string {
  const code = sqlState(cause);
  if (code === "53300") return "it has no connection left for us";
  if (code === "25006") return "it is read-only, as a standby is";
  if (code !== null) return "it is being stopped or started";
  const system = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  switch (system) {
    case "ECONNREFUSED":
      return "nobody listens there";
    case "ENOENT":
      return "its socket is not there";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "its host name leads nowhere";
    default:
      return "the connection broke, or nobody answered in time";
  }
}

/** The one error for what the server refused; the driver's own is its cause. */
export function refusal(cause: unknown): GatehouseError {
  const because = cause instanceof Error ? cause.message : String(cause);
  return new GatehouseError(
    kindOf(cause) === "refused" ? "invalid" : "unavailable",
    `The database refused: ${because}`,
    { cause },
  );
}
