import { type ErrorCode, GatehouseError } from "#core/model/errors.ts";

/** An answer of GitHub's that is not what was asked for, with its HTTP status where there was one. */
export class GitHubError extends GatehouseError {
  readonly status: number | null;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      status?: number;
      retryAt?: number;
      repository?: number;
      network?: string | undefined;
    } = {},
  ) {
    // No `cause` on purpose: the errors of HTTP libraries carry requests, and requests carry tokens (threat T43).
    super(code, withoutSecrets(message), {
      retryAt: options.retryAt,
      repository: options.repository,
      network: options.network,
    });
    this.name = "GitHubError";
    this.status = options.status ?? null;
  }
}

/** One entry of a GraphQL answer's `errors`. */
export interface GraphQLProblem {
  readonly type: string | null;
  readonly path: string;
}

/** A GraphQL answer with status 200 that carries `errors`: its data is partial and is not used. */
export class GraphQLError extends GitHubError {
  readonly problems: readonly GraphQLProblem[];

  constructor(message: string, problems: readonly GraphQLProblem[]) {
    super("unavailable", message, { status: 200 });
    this.name = "GraphQLError";
    this.problems = problems;
  }
}

/** Hostile or careless text (GitHub's own messages, paths) with anything shaped like a token or key taken out. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/\b(?:gh[a-z]_|github_pat_)[A-Za-z0-9_.-]+/g, "[token]")
    .replace(/\beyJ[A-Za-z0-9_.-]{20,}/g, "[token]")
    .replace(/-----BEGIN[\s\S]*?(?:-----END[^-]*-----|$)/g, "[key]")
    .slice(0, 500);
}
