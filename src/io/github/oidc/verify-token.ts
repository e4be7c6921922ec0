import type * as Jose from "jose";
import { workloadClaims } from "#core/outside/claims.ts";
import type { VerifiedToken, WorkloadTokens } from "#core/ports/workload-tokens.ts";
import { send } from "../client/send.ts";

export interface TokenVerifierInput {
  readonly issuer: string;
  /** Whom tokens must be for: our address. */
  readonly audience: () => string;
  /** Epoch ms by the issuer's clock, as far as it is known. */
  readonly now: () => number;
  readonly timeoutMs: number;
}

/** Signatures with a key pair only: with a shared secret, or with none, everybody who knows the public key signs. */
const algorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
];
/** Keys are read again after so long, and sooner where a token names one that is not known. */
const keysLastMs = 10 * 60_000;
/** A sender of made-up names of keys must not make us ask for them at every token. */
const mostLooksAMinute = 6;
/** Clocks of machines differ. */
const skewSeconds = 60;
/** GitHub's are good for minutes; one that is good for longer than this is none of a job's. */
const longestSeconds = 24 * 3_600;
const mostBytes = 16 * 1024;

/** The issuer's published keys, fetched when they are first needed. */
function keySet(
  { createRemoteJWKSet, customFetch }: typeof Jose,
  { issuer, timeoutMs }: TokenVerifierInput,
): Jose.RemoteJWKSet {
  let looks: readonly number[] = [];
  return createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks`), {
    timeoutDuration: timeoutMs,
    cooldownDuration: 0,
    cacheMaxAge: keysLastMs,
    [customFetch]: async (url: string) => {
      const now = performance.now();
      looks = looks.filter((at) => now - at < 60_000);
      if (looks.length >= mostLooksAMinute) throw new Error("they were read too often lately");
      looks = [...looks, now];
      const answer = await send(url, {
        method: "GET",
        headers: { accept: "application/json", "user-agent": "gatehouse" },
        body: undefined,
        timeoutMs,
      });
      return new Response(answer.body, { status: answer.status });
    },
  });
}

/** What is wrong with the token itself; everything else is trouble with the keys. */
const isTokensFault = ({ errors }: typeof Jose, error: unknown): boolean =>
  error instanceof errors.JOSEError &&
  !(error instanceof errors.JWKSTimeout) &&
  !(error instanceof errors.JWKSInvalid) &&
  // Thrown bare for an answer that is no key set.
  error.code !== "ERR_JOSE_GENERIC";

/** Verifies tokens of jobs against the issuer's keys, which are kept, and read again once a token names another one. Hostile input. */
export function createTokenVerifier(input: TokenVerifierInput): WorkloadTokens {
  const { issuer, audience, now } = input;
  let loaded: Promise<{ readonly jose: typeof Jose; readonly keys: Jose.RemoteJWKSet }> | undefined;
  // Loaded by the first token: most processes never see one.
  const loadedOnce = (): NonNullable<typeof loaded> =>
    (loaded ??= import("jose").then((jose) => ({ jose, keys: keySet(jose, input) })));

  return {
    verify: async (token): Promise<VerifiedToken> => {
      if (token.length > mostBytes)
        return { kind: "refused", because: "longer than any of GitHub's" };
      const { jose, keys } = await loadedOnce();
      try {
        const { payload } = await jose.jwtVerify(token, keys, {
          algorithms,
          issuer,
          audience: audience(),
          currentDate: new Date(now()),
          clockTolerance: skewSeconds,
          requiredClaims: ["exp", "iat", "sub", "aud", "iss"],
          maxTokenAge: longestSeconds,
        });
        const claims = workloadClaims.safeParse(payload);
        return claims.success
          ? { kind: "claims", claims: claims.data }
          : { kind: "refused", because: "not the claims of a job" };
      } catch (error) {
        const because = error instanceof Error ? error.message : String(error);
        return isTokensFault(jose, error)
          ? { kind: "refused", because }
          : { kind: "unavailable", because: `the keys of ${issuer} cannot be read: ${because}` };
      }
    },
  };
}
