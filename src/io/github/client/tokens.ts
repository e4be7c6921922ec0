import { createAppAuth } from "@octokit/auth-app";
import { LRUCache } from "lru-cache";
import githubAppJwt from "universal-github-app-jwt";
import { z } from "zod";
import { GitHubError } from "./github-error.ts";
import { permissionsFor, type Permissions } from "./permissions.ts";
import type { As } from "./requests.ts";
import type { ServerTime } from "./server-time.ts";

type Installed = Extract<As, { kind: "installation" }>;

/** The App's own token and those of its installations, as narrow as they can be, kept in memory only and never logged. */
export interface Tokens {
  readonly get: (as: As) => Promise<string>;
  /** The token was refused: the next `get` asks for another, unless somebody already did. */
  readonly refuse: (as: Installed, token: string) => void;
  /** Suspended, removed, or its permissions changed. */
  readonly forget: (installationId: number) => void;
}

export interface TokenOptions {
  readonly appId: number;
  readonly privateKey: string;
  readonly time: ServerTime;
  /** Octokit's `request`, which sends in the App's own name; throws `GitHubError`. */
  readonly request: NonNullable<Parameters<typeof createAppAuth>[0]["request"]>;
}

const installation = z.object({ permissions: z.record(z.string(), z.string()).optional() });

const minute = 60_000;
const spare = 5 * minute;
const grantsFor = 10 * minute;
const mostTokens = 5_000;
const quiet = (): void => undefined;

/**
 * Tokens by @octokit/auth-app, which makes them, shares one request among all who ask and keeps them. Ours is the
 * narrowing, and GitHub's time in place of this machine's: a clock that is hours off must not end the gate.
 */
export function createTokens({ appId, privateKey, time, request }: TokenOptions): Tokens {
  const held = new LRUCache<string, { readonly text: string; readonly freshUntil: number }>({
    max: mostTokens,
  });
  const grants = new Map<number, { readonly permissions: Permissions; readonly until: number }>();
  const given = new LRUCache<string, string>({ max: mostTokens });
  const refused = new Set<string>();
  const auth = createAppAuth({
    appId,
    // `iat` a minute back, as GitHub advises against clock drift: the library gives half of it.
    createJwt: async (id) => {
      const now = Math.floor(time.now() / 1000) - 30;
      const jwt = await githubAppJwt({ id: String(id), privateKey, now });
      return { jwt: jwt.token, expiresAt: new Date(jwt.expiration * 1000).toISOString() };
    },
    request,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    cache: {
      get: (key: string) => {
        const entry = held.get(key);
        return entry !== undefined && entry.freshUntil > time.now() ? entry.text : "";
      },
      // The library's own text: token|createdAt|expiresAt|…
      set: (key: string, text: string) => {
        const expiresAt = Date.parse(text.split("|")[2] ?? "");
        const life = Number.isNaN(expiresAt) ? 10 * minute : expiresAt - time.now();
        // A token that ran out before it came was dated by another clock: it is used, and GitHub refuses it where it is right.
        held.set(key, { text, freshUntil: time.now() + Math.max(life - spare, life / 2, minute) });
        return text;
      },
    },
  });
  const keyOf = (as: Installed): string =>
    `${as.installationId}:${as.repositoryId ?? "*"}:${as.access}`;

  const ask = async (as: Installed, permissions: Permissions): Promise<string> => {
    const refresh = refused.delete(keyOf(as));
    const { token } = await auth({
      type: "installation",
      installationId: as.installationId,
      ...(as.repositoryId === null ? {} : { repositoryIds: [as.repositoryId] }),
      permissions,
      refresh,
    });
    if (typeof token !== "string" || token === "")
      throw new GitHubError(
        "invalid",
        "the answer to a token request is not what GitHub documents",
      );
    given.set(keyOf(as), token);
    return token;
  };

  const grantsOf = async (installationId: number): Promise<Permissions> => {
    const answer = await request("GET /app/installations/{installation_id}", {
      installation_id: installationId,
    });
    const permissions = installation.safeParse(answer.data).data?.permissions ?? {};
    grants.set(installationId, { permissions, until: time.now() + grantsFor });
    return permissions;
  };

  const installed = async (as: Installed): Promise<string> => {
    const known = grants.get(as.installationId);
    const granted = known !== undefined && known.until > time.now() ? known.permissions : null;
    try {
      return await ask(as, permissionsFor(as.access, granted));
    } catch (error) {
      const code = error instanceof GitHubError ? error.code : null;
      if (code === "not_found")
        throw new GitHubError("gone", "the installation was removed", { status: 404 });
      if (error instanceof GitHubError && code === "forbidden")
        throw new GitHubError("gone", `the installation cannot be used: ${error.message}`, {
          status: 403,
        });
      if (code !== "invalid") throw error;
    }
    // A permission that was asked for is not granted, or the repository does not belong to the installation any
    // more.
    const now = await grantsOf(as.installationId);
    try {
      return await ask(as, permissionsFor(as.access, now));
    } catch (error) {
      if (!(error instanceof GitHubError) || error.code !== "invalid") throw error;
      throw new GitHubError("gone", "the repository does not belong to the installation any more", {
        status: 422,
        ...(as.repositoryId === null ? {} : { repository: as.repositoryId }),
      });
    }
  };

  return {
    get: async (as) => {
      if (as.kind === "installation") return installed(as);
      return (await auth({ type: "app" })).token;
    },
    refuse: (as, token) => {
      if (given.get(keyOf(as)) === token) refused.add(keyOf(as));
    },
    forget: (installationId) => {
      grants.delete(installationId);
      for (const key of [...held.keys()])
        if (key === String(installationId) || key.startsWith(`${installationId}|`))
          held.delete(key);
    },
  };
}
