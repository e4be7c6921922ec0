import { request as octokitRequest } from "@octokit/request";
import {
  deleteToken,
  exchangeWebFlowCode,
  getWebFlowAuthorizationUrl,
  refreshToken,
} from "@octokit/oauth-methods";
import { RequestError } from "@octokit/request-error";
import { z } from "zod";
import { GatehouseError, type ErrorCode } from "#core/model/errors.ts";
import type { Person } from "#core/model/actor.ts";
import type { UserGitHub, UserTokens } from "#core/ports/web.ts";
import { pagesOf } from "./pages-of.ts";

export interface UserGitHubOptions {
  readonly apiUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly timeoutMs: number;
}

const account = z.object({
  id: z.number(),
  login: z.string(),
  type: z.enum(["User", "Bot", "Organization", "Mannequin"]).catch("User"),
});
const installations = z.object({
  total_count: z.number(),
  installations: z.array(z.object({ id: z.number() })),
});
const repositories = z.object({
  total_count: z.number(),
  repositories: z.array(z.object({ id: z.number() })),
});
const teams = z.array(
  z.object({ slug: z.string(), organization: z.object({ login: z.string() }) }),
);

const codes: Readonly<Record<number, ErrorCode>> = {
  400: "unauthorized",
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  422: "invalid",
  429: "rate_limited",
};

/** In our words, and without the answer's: what went out carries tokens. */
function inOurWords(error: unknown): GatehouseError {
  if (error instanceof GatehouseError) return error;
  if (error instanceof RequestError) {
    const isLimit =
      error.status === 403 && error.response?.headers["x-ratelimit-remaining"] === "0";
    const code = isLimit ? "rate_limited" : (codes[error.status] ?? "unavailable");
    return new GatehouseError(code, `GitHub answered ${error.status} to a signed-in person`);
  }
  return new GatehouseError("unavailable", "GitHub did not answer a signed-in person");
}

const asked = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => Promise.reject(inOurWords(error)));

/** GitHub in the name of a person who signed in with the App's user authorisation. */
export function createUserGitHub(options: UserGitHubOptions): UserGitHub {
  const { clientId, clientSecret } = options;
  const client = { clientType: "github-app", clientId, clientSecret } as const;
  const request = octokitRequest.defaults({
    baseUrl: options.apiUrl,
    headers: { "user-agent": "gatehouse", "x-github-api-version": "2022-11-28" },
    request: {
      fetch: (url: string, init: RequestInit) =>
        fetch(url, { ...init, signal: AbortSignal.timeout(options.timeoutMs) }),
    },
  });
  const as = (token: string) => request.defaults({ headers: { authorization: `token ${token}` } });

  const tokensOf = (given: {
    readonly token: string;
    readonly refreshToken?: string;
    readonly expiresAt?: string;
  }): UserTokens => ({
    access: given.token,
    refresh: given.refreshToken ?? null,
    expiresAt: given.expiresAt === undefined ? null : Date.parse(given.expiresAt),
  });

  return {
    authorizationUrl: ({ state, challenge, redirectUrl }) => {
      const { url } = getWebFlowAuthorizationUrl({
        clientType: "github-app",
        clientId,
        state,
        redirectUrl,
        request,
      });
      const to = new URL(url);
      to.searchParams.set("code_challenge", challenge);
      to.searchParams.set("code_challenge_method", "S256");
      return to.href;
    },

    exchange: async (code, verifier, redirectUrl) => {
      // The library knows no PKCE: a default of the request goes into the body as well.
      const { authentication } = await asked(
        exchangeWebFlowCode({
          ...client,
          code,
          redirectUrl,
          request: request.defaults({ code_verifier: verifier }),
        }),
      );
      return tokensOf(authentication);
    },

    refresh: async (token) =>
      tokensOf(
        (await asked(refreshToken({ ...client, refreshToken: token, request }))).authentication,
      ),

    revoke: async (token) => {
      await asked(deleteToken({ ...client, token, request }));
    },

    person: async (token): Promise<Person> =>
      account.parse((await asked(as(token)("GET /user"))).data),

    mayRead: async (token, repository) => {
      try {
        await asked(as(token)("GET /repositories/{repository_id}", { repository_id: repository }));
        return true;
      } catch (error) {
        if (
          error instanceof GatehouseError &&
          (error.code === "not_found" || error.code === "forbidden")
        )
          return false;
        throw error;
      }
    },

    readable: async (token) => {
      const list = await pagesOf(async (page) => {
        const { data } = await asked(as(token)("GET /user/installations", { per_page: 100, page }));
        const read = installations.parse(data);
        return { total: read.total_count, items: read.installations };
      });
      const found = await Promise.all(
        list.map(({ id }) =>
          pagesOf(async (page) => {
            const { data } = await asked(
              as(token)("GET /user/installations/{installation_id}/repositories", {
                installation_id: id,
                per_page: 100,
                page,
              }),
            );
            const read = repositories.parse(data);
            return { total: read.total_count, items: read.repositories };
          }),
        ),
      );
      return new Set(found.flat().map(({ id }) => id));
    },

    teams: async (token) => {
      const found: string[] = [];
      for (let page = 1; page <= 10; page += 1) {
        const { data } = await asked(as(token)("GET /user/teams", { per_page: 100, page }));
        const read = teams.parse(data);
        found.push(
          ...read.map(({ slug, organization }) => `${organization.login}/${slug}`.toLowerCase()),
        );
        if (read.length < 100) break;
      }
      return found;
    },
  };
}
