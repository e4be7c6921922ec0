import { request as octokitRequest } from "@octokit/request";
import {
  deleteToken,
  exchangeWebFlowCode,
  getWebFlowAuthorizationUrl,
  refreshToken,
} from "@octokit/oauth-methods";
import { RequestError } from "@octokit/request-error";
import { z } from "zod";
import { GatehouseError, PersonUnauthorized } from "#core/model/errors.ts";
import type { Person } from "#core/model/actor.ts";
import type { Clock } from "#core/ports/system.ts";
import type { UserGitHub, UserTokens } from "#core/ports/web.ts";
import { errorFor, limitOf } from "../client/classify.ts";
import { createServerTime, type ServerTime } from "../client/server-time.ts";
import { pagesOf } from "./pages-of.ts";

export interface UserGitHubOptions {
  readonly apiUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
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

/** What the token endpoint says of a code or refresh token; anything else there is trouble of the App itself. */
const ofThePerson = new Set(["bad_refresh_token", "bad_verification_code", "access_denied"]);
const tokenAnswer = z.object({ error: z.string() });

/** In our words, and without the answer's: what went out carries tokens. `who` was authorised, or was not. */
function inOurWords(error: unknown, who: "person" | "app", time: ServerTime): GatehouseError {
  if (error instanceof GatehouseError) return error;
  if (!(error instanceof RequestError))
    return new GatehouseError("unavailable", "GitHub did not answer a signed-in person");
  const { status, response } = error;
  const said = `GitHub answered ${status} to a signed-in person`;
  const limit = limitOf(status, response?.headers ?? {}, response?.data, time);
  if (limit !== null)
    return new GatehouseError("rate_limited", said, { retryAt: limit.until ?? undefined });
  const refusal = tokenAnswer.safeParse(response?.data).data?.error;
  if (status === 400 && refusal !== undefined)
    return ofThePerson.has(refusal)
      ? new PersonUnauthorized(said)
      : new GatehouseError("unauthorized", `${said}: it does not take CLIENT_ID or CLIENT_SECRET`);
  if (status === 401 && who === "person") return new PersonUnauthorized(said);
  return new GatehouseError(errorFor(status, "", response?.data).code, said);
}

/** GitHub in the name of a person who signed in with the App's user authorisation. */
export function createUserGitHub(options: UserGitHubOptions): UserGitHub {
  const { clientId, clientSecret } = options;
  const time = createServerTime(options.clock);
  const asked = <T>(work: Promise<T>, who: "person" | "app" = "person"): Promise<T> =>
    work.catch((error: unknown) => Promise.reject(inOurWords(error, who, time)));
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
        "app",
      );
      return tokensOf(authentication);
    },

    refresh: async (token) =>
      tokensOf(
        (await asked(refreshToken({ ...client, refreshToken: token, request }), "app"))
          .authentication,
      ),

    revoke: async (token) => {
      await asked(deleteToken({ ...client, token, request }), "app");
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
