import type { Person } from "#core/model/actor.ts";

/** A browser that is signed in. Secrets are sealed: anybody who reads the database has none of them. */
export interface SessionRecord {
  /** SHA-256 of the secret in the cookie. */
  readonly id: string;
  readonly person: Person;
  /** The person's tokens, sealed. */
  readonly sealed: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface Sessions {
  readonly add: (session: SessionRecord) => Promise<void>;
  /** Puts renewed tokens in the place of `old`; false: the session was ended, or renewed by somebody else first. */
  readonly renew: (id: string, old: string, sealed: string) => Promise<boolean>;
  /** null: there is none, or it ran out before `now`. */
  readonly find: (id: string, now: number) => Promise<SessionRecord | null>;
  readonly end: (id: string) => Promise<void>;
  /** Forgets what ran out before this instant. */
  readonly prune: (before: number) => Promise<number>;
}

/** What a token opens: the API, or one environment's calendar. */
export const tokenPurposes = ["api", "calendar"] as const;
export type TokenPurpose = (typeof tokenPurposes)[number];

/** A token of Gatehouse's own, of which only the hash is kept. */
export interface ApiTokenRecord {
  readonly id: string;
  /** SHA-256 of the token. */
  readonly hash: string;
  readonly purpose: TokenPurpose;
  readonly name: string;
  /** `owner/name` in lower case, or `owner/*`: all of an owner's. */
  readonly repositories: readonly string[];
  /** Names, in any case; empty: every environment. */
  readonly environments: readonly string[];
  readonly createdBy: string;
  /** The account that made it, whose access what it opens goes by; null: no person's. */
  readonly createdById: number | null;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number | null;
}

export interface ApiTokens {
  readonly add: (token: ApiTokenRecord) => Promise<void>;
  /** Adds it in the place of what its maker has for the same purpose under the same name: that opens nothing any more. */
  readonly replace: (token: ApiTokenRecord) => Promise<void>;
  /** null: unknown, revoked, or run out before `now`. */
  readonly find: (hash: string, now: number) => Promise<ApiTokenRecord | null>;
  readonly list: () => Promise<readonly ApiTokenRecord[]>;
  /** false: there is no such token, or it was revoked before. */
  readonly revoke: (id: string, at: number) => Promise<boolean>;
}

/** What GitHub gives for a person's consent. Instants are epoch ms; null: it does not expire. */
export interface UserTokens {
  readonly access: string;
  readonly refresh: string | null;
  readonly expiresAt: number | null;
}

/** GitHub as one person sees it. All methods throw `GatehouseError`: `PersonUnauthorized` once the token is good no more. */
export interface UserGitHub {
  readonly authorizationUrl: (request: {
    readonly state: string;
    readonly challenge: string;
    readonly redirectUrl: string;
  }) => string;
  readonly exchange: (code: string, verifier: string, redirectUrl: string) => Promise<UserTokens>;
  readonly refresh: (refreshToken: string) => Promise<UserTokens>;
  readonly revoke: (token: string) => Promise<void>;
  readonly person: (token: string) => Promise<Person>;
  readonly mayRead: (token: string, repository: number) => Promise<boolean>;
  /** Ids of all repositories of the App's installations that the person may read. */
  readonly readable: (token: string) => Promise<ReadonlySet<number>>;
  /** `owner/slug` of the person's teams, in lower case. */
  readonly teams: (token: string) => Promise<readonly string[]>;
}
