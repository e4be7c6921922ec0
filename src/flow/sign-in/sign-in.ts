import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Person } from "#core/model/actor.ts";
import { GatehouseError, PersonUnauthorized } from "#core/model/errors.ts";
import type { Clock } from "#core/ports/system.ts";
import type { SessionRecord, Sessions, UserGitHub, UserTokens } from "#core/ports/web.ts";
import { returnTo } from "./return-to.ts";
import { createSeal } from "./seal.ts";

/** Somebody whose browser is signed in. */
export interface SignedIn {
  readonly person: Person;
  /** Names the session in caches; never shown. */
  readonly session: string;
  /** What a form of this session carries, so that another site's form does nothing. */
  readonly csrf: string;
  /** The person's token at GitHub, renewed where it ran out; throws `PersonUnauthorized` when it cannot be any more. */
  readonly token: () => Promise<string>;
}

export type Finished =
  | { readonly kind: "signed_in"; readonly secret: string; readonly returnTo: string }
  | { readonly kind: "refused"; readonly because: string; readonly returnTo: string };

export interface SignIn {
  /** Where the browser goes, and what its cookie keeps of the attempt. */
  readonly begin: (
    to: string | undefined,
    redirectUrl: string,
  ) => { readonly location: string; readonly attempt: string };
  readonly finish: (answer: {
    readonly attempt: string | undefined;
    readonly state: string | undefined;
    readonly code: string | undefined;
    readonly redirectUrl: string;
  }) => Promise<Finished>;
  /** null: not signed in, or not any more. */
  readonly of: (secret: string | undefined) => Promise<SignedIn | null>;
  readonly end: (secret: string | undefined) => Promise<void>;
}

export interface SignInDeps {
  readonly sessions: Sessions;
  readonly github: UserGitHub;
  readonly clock: Clock;
  readonly clientSecret: string;
}

/** Anybody who comes back within a week need not sign in again. */
export const sessionLifeMs = 7 * 24 * 3_600_000;
const attemptLifeMs = 10 * 60_000;
/** Renewed a little before GitHub refuses it. */
const renewBeforeMs = 60_000;
/** So often, and so far apart, it is looked whether another process has renewed it. */
const mostLooks = 10;
const lookEveryMs = 200;

const attemptSchema = z.object({
  state: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
  until: z.number(),
});
const tokensSchema = z.object({
  access: z.string(),
  refresh: z.string().nullable(),
  expiresAt: z.number().nullable(),
});

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");
const random = (): string => randomBytes(32).toString("base64url");

/** Compared by digests: neither length nor content shows in the time it takes. */
export const isSame = (a: string, b: string): boolean =>
  timingSafeEqual(Buffer.from(digest(a)), Buffer.from(digest(b)));

/** Sign-in by the App's user authorisation: state and PKCE bind GitHub's answer to the browser that asked. */
export function createSignIn({ sessions, github, clock, clientSecret }: SignInDeps): SignIn {
  const attempts = createSeal(clientSecret, "sign-in");
  const tokens = createSeal(clientSecret, "tokens");
  const renewals = new Map<string, Promise<string>>();

  const ranOut = (): PersonUnauthorized =>
    new PersonUnauthorized("the person's token at GitHub ran out");

  /** A refresh token is good once: a request that is refused may only have come second, and waits for what the first one keeps. */
  async function renewedElsewhere(session: SessionRecord): Promise<UserTokens | null> {
    for (let looks = 0; looks < mostLooks; looks += 1) {
      if (looks > 0) await pause(lookEveryMs);
      const now = await sessions.find(session.id, clock.now());
      if (now === null) return null;
      if (now.sealed !== session.sealed) return read(now);
    }
    return null;
  }

  async function renew(session: SessionRecord, old: UserTokens): Promise<string> {
    if (old.refresh === null) throw ranOut();
    let fresh: UserTokens;
    try {
      fresh = await github.refresh(old.refresh);
    } catch (error) {
      if (!(error instanceof PersonUnauthorized)) throw error;
      const kept = await renewedElsewhere(session);
      if (kept === null) throw error;
      return kept.access;
    }
    if (await sessions.renew(session.id, session.sealed, tokens.close(JSON.stringify(fresh))))
      return fresh.access;
    // Signed out meanwhile, or somebody else was first: nothing keeps these tokens, so nothing may use them.
    await github.revoke(fresh.access).catch(() => undefined);
    const now = await sessions.find(session.id, clock.now());
    const kept = now === null ? null : read(now);
    if (kept === null) throw ranOut();
    return kept.access;
  }

  function read(session: SessionRecord): UserTokens | null {
    const text = tokens.open(session.sealed);
    return text === null ? null : tokensSchema.parse(JSON.parse(text));
  }

  return {
    begin: (to, redirectUrl) => {
      const [state, verifier] = [random(), random()];
      const challenge = createHash("sha256").update(verifier).digest("base64url");
      return {
        location: github.authorizationUrl({ state, challenge, redirectUrl }),
        attempt: attempts.close(
          JSON.stringify({
            state,
            verifier,
            returnTo: returnTo(to),
            until: clock.now() + attemptLifeMs,
          }),
        ),
      };
    },

    finish: async ({ attempt, state, code, redirectUrl }) => {
      const opened = attempt === undefined ? null : attempts.open(attempt);
      const begun = opened === null ? null : attemptSchema.parse(JSON.parse(opened));
      const refused = (because: string): Finished => ({
        kind: "refused",
        because,
        returnTo: begun?.returnTo ?? "/",
      });
      if (begun === null || begun.until < clock.now())
        return refused("this sign-in was not begun in this browser within the last ten minutes");
      if (state === undefined || !isSame(state, begun.state))
        return refused("GitHub's answer belongs to another sign-in");
      if (code === undefined || code === "") return refused("GitHub gave no consent");
      try {
        const given = await github.exchange(code, begun.verifier, redirectUrl);
        const person = await github.person(given.access);
        const secret = random();
        const now = clock.now();
        await sessions.prune(now);
        await sessions.add({
          id: digest(secret),
          person,
          sealed: tokens.close(JSON.stringify(given)),
          createdAt: now,
          expiresAt: now + sessionLifeMs,
        });
        return { kind: "signed_in", secret, returnTo: begun.returnTo };
      } catch (error) {
        if (!(error instanceof GatehouseError)) throw error;
        return refused(
          error.code === "unauthorized"
            ? "GitHub did not take the code (it is good once, for ten minutes), or CLIENT_SECRET is not the App's"
            : "GitHub did not answer",
        );
      }
    },

    of: async (secret) => {
      if (secret === undefined || secret === "") return null;
      const session = await sessions.find(digest(secret), clock.now());
      const kept = session === null ? null : read(session);
      if (session === null || kept === null) return null;
      return {
        person: session.person,
        session: session.id,
        csrf: createHmac("sha256", secret).update("csrf").digest("base64url"),
        token: () => {
          if (kept.expiresAt === null || kept.expiresAt - renewBeforeMs > clock.now())
            return Promise.resolve(kept.access);
          const running = renewals.get(session.id);
          if (running !== undefined) return running;
          const renewal = renew(session, kept).finally(() => renewals.delete(session.id));
          renewals.set(session.id, renewal);
          return renewal;
        },
      };
    },

    end: async (secret) => {
      if (secret === undefined || secret === "") return;
      const session = await sessions.find(digest(secret), clock.now());
      if (session === null) return;
      await sessions.end(session.id);
      const kept = read(session);
      // A token that is not revoked runs out by itself; signing out does not wait for GitHub's consent.
      if (kept !== null) await github.revoke(kept.access).catch(() => undefined);
    },
  };
}
