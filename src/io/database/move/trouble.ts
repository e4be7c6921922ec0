import { GatehouseError } from "#core/model/errors.ts";
import { reasonOf } from "../postgres/failure.ts";

/** What is wrong with a URL or its server is said of the option that it came from. */
export const ofOption = (error: unknown): unknown =>
  error instanceof GatehouseError
    ? new GatehouseError(error.code, error.message.replace(/^DATABASE_URL: /, "--to: "), {
        cause: error,
      })
    : error;

/** A server that goes away in the middle ends the move, which nothing but a second run goes on with. */
export const wentAway = (lost: GatehouseError): GatehouseError =>
  new GatehouseError(
    "unavailable",
    `--to: the PostgreSQL server went away in the middle (${reasonOf(lost.cause)}). Run this again when it is back: it goes on where it stopped.`,
    { cause: lost },
  );
