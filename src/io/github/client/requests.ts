import type { Octokit } from "@octokit/rest";
import type { ZodType } from "zod";

/**
 * What a token may do: reading everything the App reads, reading what only some installations grant, or one kind of
 * writing. The narrowest that serves is asked for.
 */
export const accesses = [
  "read",
  "attestations",
  "organization_properties",
  "checks",
  "deployments",
  "issues",
] as const;
export type Access = (typeof accesses)[number];

/** In whose name a request goes out. `repositoryId` null: every repository of the installation. */
export type As =
  | { readonly kind: "app" }
  | {
      readonly kind: "installation";
      readonly installationId: number;
      readonly repositoryId: number | null;
      readonly access: Access;
    };

export const asApp: As = { kind: "app" };

/** The installation's id as text; null for the App itself. */
export const installationOf = (as: As): string | null =>
  as.kind === "app" ? null : String(as.installationId);

export function asInstallation(installationId: number, access: Access = "read"): As {
  return { kind: "installation", installationId, repositoryId: null, access };
}

export function asRepository(
  repository: { readonly id: number; readonly installationId: number },
  access: Access = "read",
): As {
  return {
    kind: "installation",
    installationId: repository.installationId,
    repositoryId: repository.id,
    access,
  };
}

/** Builds a request from a documented route; the types of its parameters are GitHub's published ones. */
export type Endpoint = Octokit["request"]["endpoint"];

/** A request as `Endpoint` builds it. */
export interface BuiltRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

export interface RestOptions {
  /** Whether doing it twice does no harm. Left out: true for GET, HEAD, PUT and DELETE. */
  readonly idempotent?: boolean | undefined;
  /** Awaited directly before each try goes out, after every wait for room; what it throws is thrown instead. */
  readonly before?: (() => Promise<void>) | undefined;
}

export interface RestAnswer<T> {
  readonly status: number;
  readonly data: T;
  /** Address of the next page; null on the last one. */
  readonly next: string | null;
  /** GitHub said by `Link` headers how the list is paged. */
  readonly linked: boolean;
  /** GitHub confirmed what was remembered, and did not charge for it. */
  readonly isRemembered: boolean;
  /** A header of the answer by its name in lower case. */
  readonly header: (name: string) => string | undefined;
}

export interface GraphQLCall<T> {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Checks `data`. */
  readonly schema: ZodType<T>;
  /** Paths that may be missing ("repository.pullRequest"): a NOT_FOUND there is an answer, not a failure. */
  readonly optional?: readonly string[];
  /** Many questions in one: what could not be answered is null in the answer, and the schema says so. */
  readonly partial?: boolean;
}

/** How the repository is named in URLs. */
export const namesOf = (repository: {
  readonly owner: string;
  readonly name: string;
}): { readonly owner: string; readonly repo: string } => ({
  owner: repository.owner,
  repo: repository.name,
});
