import { z } from "zod";
import type { ServerTime } from "./server-time.ts";
import { GitHubError } from "./github-error.ts";
import { permissionsFor } from "./permissions.ts";
import type { Permissions } from "./permissions.ts";
import type { As, BuiltRequest, Endpoint } from "./requests.ts";

type Installed = Extract<As, { kind: "installation" }>;

/** Installation tokens, as narrow as they can be, kept in memory only and never logged. */
export interface Tokens {
  readonly get: (as: Installed) => Promise<string>;
  /** The token was refused: the next `get` asks for another, unless somebody already did. */
  readonly refuse: (as: Installed, token: string) => void;
  /** Suspended, removed, or its permissions changed. */
  readonly forget: (installationId: number) => void;
}

export interface TokenOptions {
  readonly endpoint: Endpoint;
  /** Sends a request in the App's own name; throws `GitHubError`. */
  readonly send: (request: BuiltRequest) => Promise<unknown>;
  readonly time: ServerTime;
}

const minted = z.object({ token: z.string().min(1), expires_at: z.string() });
const installation = z.object({
  permissions: z.record(z.string(), z.string()).optional(),
  suspended_at: z.string().nullish(),
});

const minute = 60_000;
const spare = 5 * minute;
const grantsFor = 10 * minute;
const mostTokens = 5_000;

export function createTokens({ endpoint, send, time }: TokenOptions): Tokens {
  const held = new Map<
    string,
    { readonly token: Promise<string>; freshUntil: number; value: string | null }
  >();
  const grants = new Map<number, { readonly permissions: Permissions; readonly until: number }>();
  const keyOf = (as: Installed): string =>
    `${as.installationId}:${as.repositoryId ?? "*"}:${as.access}`;

  const mint = async (
    as: Installed,
  ): Promise<{ readonly token: string; readonly expiresAt: number }> => {
    const known = grants.get(as.installationId);
    const granted = known !== undefined && known.until > time.now() ? known.permissions : null;
    const ask = async (
      permissions: Permissions,
    ): Promise<{ readonly token: string; readonly expiresAt: number }> => {
      const answer = minted.safeParse(
        await send(
          endpoint("POST /app/installations/{installation_id}/access_tokens", {
            installation_id: as.installationId,
            ...(as.repositoryId === null ? {} : { repository_ids: [as.repositoryId] }),
            permissions,
          }),
        ),
      );
      if (!answer.success)
        throw new GitHubError(
          "invalid",
          "the answer to a token request is not what GitHub documents",
        );
      const expiresAt = Date.parse(answer.data.expires_at);
      return {
        token: answer.data.token,
        expiresAt: Number.isNaN(expiresAt) ? time.now() + 10 * minute : expiresAt,
      };
    };
    try {
      return await ask(permissionsFor(as.access, granted));
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      if (error.code === "not_found")
        throw new GitHubError("gone", "the installation was removed", { status: 404 });
      if (error.code === "forbidden")
        throw new GitHubError("gone", `the installation cannot be used: ${error.message}`, {
          status: 403,
        });
      if (error.code !== "invalid") throw error;
      // A permission the wish names was not granted, or the repository is not the installation's any more.
      const now = await grantsOf(as.installationId);
      try {
        return await ask(permissionsFor(as.access, now));
      } catch (again) {
        if (again instanceof GitHubError && again.code === "invalid")
          throw new GitHubError(
            "gone",
            "the repository does not belong to the installation any more",
            { status: 422, ...(as.repositoryId === null ? {} : { repository: as.repositoryId }) },
          );
        throw again;
      }
    }
  };

  const grantsOf = async (installationId: number): Promise<Permissions> => {
    const answer = installation.safeParse(
      await send(
        endpoint("GET /app/installations/{installation_id}", { installation_id: installationId }),
      ),
    );
    const permissions = answer.data?.permissions ?? {};
    grants.set(installationId, { permissions, until: time.now() + grantsFor });
    return permissions;
  };

  return {
    get: (as) => {
      const key = keyOf(as);
      const current = held.get(key);
      if (current !== undefined && current.freshUntil > time.now()) return current.token;
      const promise = mint(as);
      const entry = {
        token: promise.then((answer) => answer.token),
        freshUntil: Number.POSITIVE_INFINITY,
        value: null as string | null,
      };
      held.delete(key);
      held.set(key, entry);
      promise.then(
        (answer) => {
          const life = answer.expiresAt - time.now();
          // A token that ran out before it came was dated by another clock: it is used, and GitHub refuses it where it is right.
          entry.freshUntil = time.now() + Math.max(life - spare, life / 2, minute);
          entry.value = answer.token;
        },
        () => {
          if (held.get(key) === entry) held.delete(key);
        },
      );
      for (const oldest of held.keys()) {
        if (held.size <= mostTokens) break;
        held.delete(oldest);
      }
      return entry.token;
    },
    refuse: (as, token) => {
      const key = keyOf(as);
      if (held.get(key)?.value === token) held.delete(key);
    },
    forget: (installationId) => {
      grants.delete(installationId);
      for (const key of [...held.keys()])
        if (key.startsWith(`${installationId}:`)) held.delete(key);
    },
  };
}
