/** What a handler answers: `body` becomes JSON, `raw` is sent as it is, neither means an empty answer. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly raw?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that ends a request early, in GitHub's words. */
export class Refusal extends Error {
  readonly status: number;
  readonly details: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.details = details;
    this.headers = headers;
  }

  toReply(): Reply {
    return {
      status: this.status,
      body: {
        message: this.message,
        documentation_url: "https://docs.github.com/rest",
        status: String(this.status),
        ...this.details,
      },
      headers: this.headers,
    };
  }
}

export function ok(body: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status: 200, body, headers };
}

export function created(body: unknown): Reply {
  return { status: 201, body };
}

export const noContent: Reply = { status: 204 };

export function notFound(message = "Not Found"): Refusal {
  return new Refusal(404, message);
}

/** 422 as GitHub words it, with one line per wrong field. */
export function invalid(
  ...problems: readonly {
    readonly resource: string;
    readonly field: string;
    readonly code: string;
    readonly message?: string;
  }[]
): Refusal {
  return new Refusal(422, "Validation Failed", { errors: problems });
}
