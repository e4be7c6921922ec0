/**
 * What can go wrong outside, in the words the rest of Gatehouse reasons in. Nobody reads messages of errors.
 * - `not_found`: 404/410 on something that may simply not be there (or be invisible to us).
 * - `forbidden`: 403 without a limit behind it: a permission or a plan is missing.
 * - `rate_limited`: 403/429 with a limit behind it; `retryAt` says when GitHub wants us back.
 * - `unavailable`: 5xx, time-outs, broken connections, GraphQL answers with errors: try again.
 * - `unauthorized`: the token was refused even after a refresh.
 * - `gone`: the installation is suspended or removed, or the repository was deleted: stop.
 * - `invalid`: GitHub refused what we sent (422), or answered something that is not what it documents.
 * - `incomplete`: GitHub shows only a part of a list (more than its limits): never taken for the whole.
 * - `stale`: the world moved on (another worker, another head) and this work must not be finished.
 */
export const errorCodes = [
  "not_found",
  "forbidden",
  "rate_limited",
  "unavailable",
  "unauthorized",
  "gone",
  "invalid",
  "incomplete",
  "stale",
  "unsupported",
] as const;
export type ErrorCode = (typeof errorCodes)[number];

export class GatehouseError extends Error {
  readonly code: ErrorCode;
  /** Epoch ms before which a retry is useless. */
  readonly retryAt: number | undefined;
  /** The repository it speaks of, where it is about one: another one's end is not the subject's. */
  readonly repository: number | undefined;
  /** The system's code for why nothing came back, such as ENOTFOUND. */
  readonly network: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      cause?: unknown;
      retryAt?: number | undefined;
      repository?: number | undefined;
      network?: string | undefined;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "GatehouseError";
    this.code = code;
    this.retryAt = options.retryAt;
    this.repository = options.repository;
    this.network = options.network;
  }
}

/** GitHub no longer accepts the token of a signed-in person. It says nothing about the App's own credentials. */
export class PersonUnauthorized extends GatehouseError {
  constructor(message: string) {
    super("unauthorized", message);
  }
}

/**
 * The pull requests of a merge group are unknown, because GitHub's list is inconsistent. `tip`: of its base; empty
 * where there is no such branch.
 */
export class UnclearGroup extends GatehouseError {
  readonly tip: string;

  constructor(message: string, tip: string) {
    super("unavailable", message);
    this.tip = tip;
  }
}

/** Whether the error means that the repository, or its whole installation, is gone. */
export function isEndOf(repository: number, error: unknown): boolean {
  return (
    error instanceof GatehouseError &&
    error.code === "gone" &&
    (error.repository === undefined || error.repository === repository)
  );
}

/** Whether trying the same again later can help. */
export function isTransient(code: ErrorCode): boolean {
  return code === "rate_limited" || code === "unavailable" || code === "unauthorized";
}
