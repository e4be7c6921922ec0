import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "#core/ports/system.ts";
import type { ApiTokenRecord, ApiTokens, TokenPurpose } from "#core/ports/web.ts";

export interface TokenWish {
  readonly purpose: TokenPurpose;
  readonly name: string;
  readonly repositories: readonly string[];
  readonly environments: readonly string[];
  readonly createdBy: string;
  readonly createdById?: number;
  readonly lastsMs: number;
}

export const hashOfToken = (token: string): string =>
  createHash("sha256").update(token).digest("hex");

export interface MadeToken {
  readonly token: string;
  readonly record: ApiTokenRecord;
}

/** Makes a token; it is told this once, and only its hash is kept. The prefix lets secret scanners find it. */
export async function makeToken(
  tokens: ApiTokens,
  clock: Clock,
  wish: TokenWish,
): Promise<MadeToken> {
  const made = newToken(clock, wish);
  await tokens.add(made.record);
  return made;
}

/** The same in the place of the one that the same person has under this name. */
export async function makeOnlyToken(
  tokens: ApiTokens,
  clock: Clock,
  wish: TokenWish,
): Promise<MadeToken> {
  const made = newToken(clock, wish);
  await tokens.replace(made.record);
  return made;
}

function newToken(clock: Clock, wish: TokenWish): MadeToken {
  const token = `ght_${randomBytes(32).toString("base64url")}`;
  const { lastsMs, ...rest } = wish;
  const now = clock.now();
  const record: ApiTokenRecord = {
    createdById: null,
    ...rest,
    id: randomBytes(6).toString("hex"),
    hash: hashOfToken(token),
    repositories: wish.repositories.map((name) => name.toLowerCase()),
    createdAt: now,
    expiresAt: now + lastsMs,
    revokedAt: null,
  };
  return { token, record };
}

/** The record of a token that was shown; null: unknown, revoked, run out, or for something else. */
export async function findToken(
  tokens: ApiTokens,
  clock: Clock,
  shown: string | undefined,
  purpose: TokenPurpose,
): Promise<ApiTokenRecord | null> {
  if (shown === undefined || !/^ght_[\w-]{43}$/.test(shown)) return null;
  const found = await tokens.find(hashOfToken(shown), clock.now());
  return found?.purpose === purpose ? found : null;
}
