import type { ServerResponse } from "node:http";

/** A call of the API that goes wrong. The first fault that matches is used up first. */
export interface Fault {
  readonly match?: {
    readonly method?: string;
    readonly path?: RegExp | string;
    readonly graphql?: RegExp | string;
  };
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly delayMs?: number;
  /** Never answers; the connection stays open until the caller or `stop()` ends it. */
  readonly hang?: boolean;
  /** Does what was asked and then drops the connection: the caller cannot know. */
  readonly loseAnswer?: boolean;
  /** How many calls it touches; without: all until `clearFaults()`. */
  readonly times?: number;
  /** GraphQL answers 200 with this path nulled and an error beside it. */
  readonly partialGraphql?: {
    readonly path: readonly (string | number)[];
    readonly type?: string;
    readonly message?: string;
  };
}

export interface ActiveFault {
  readonly fault: Fault;
  left: number;
}

function hits(pattern: RegExp | string | undefined, value: string): boolean {
  if (pattern === undefined) return true;
  return typeof pattern === "string" ? value.includes(pattern) : pattern.test(value);
}

/** Uses up and returns the fault for a call, if any. `path` is without the `/api/v3` prefix. */
export function claimFault(
  faults: readonly ActiveFault[],
  method: string,
  path: string,
  body: string,
): Fault | null {
  const found = faults.find(
    ({ fault, left }) =>
      left > 0 &&
      (fault.match?.method === undefined || fault.match.method.toUpperCase() === method) &&
      hits(fault.match?.path, path) &&
      (fault.match?.graphql === undefined ||
        (path === "/graphql" && hits(fault.match.graphql, body))),
  );
  if (found === undefined) return null;
  found.left--;
  return found.fault;
}

export function answersItself(fault: Fault): boolean {
  return fault.status !== undefined || fault.body !== undefined;
}

export function drop(response: ServerResponse): void {
  response.socket?.destroy();
}

/** Nulls one path of a GraphQL answer and says so, as GitHub does when a part of an answer failed. */
export function withPartialFailure(
  body: unknown,
  partial: NonNullable<Fault["partialGraphql"]>,
): unknown {
  const answer: { data?: unknown; errors?: unknown[] } = structuredClone(
    typeof body === "object" && body !== null ? body : {},
  );
  let at: unknown = answer.data;
  for (const [index, key] of partial.path.entries()) {
    if (typeof at !== "object" || at === null) break;
    const holder = at as Record<string | number, unknown>;
    if (index === partial.path.length - 1) holder[key] = null;
    else at = holder[key];
  }
  const message = partial.message ?? "Something went wrong while executing your query.";
  return {
    ...answer,
    errors: [
      ...(answer.errors ?? []),
      { type: partial.type ?? "INTERNAL", path: partial.path, message },
    ],
  };
}
