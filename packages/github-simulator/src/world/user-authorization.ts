import { randomBytes } from "node:crypto";
import type { World } from "./world.ts";

/** A code that GitHub gave a browser, and what the exchange must show for it. */
interface Code {
  readonly userId: number;
  readonly redirectUri: string;
  /** SHA-256 of the verifier, base64url; null: the request had none. */
  readonly challenge: string | null;
  readonly expiresAt: number;
}

/** A user access token of the App, or the refresh token beside it. */
interface UserToken {
  readonly userId: number;
  readonly expiresAt: number;
}

export interface UserAuthorizations {
  readonly codes: Map<string, Code>;
  readonly access: Map<string, UserToken>;
  readonly refresh: Map<string, UserToken>;
}

/** The App's OAuth credentials are derived from its id, as its client id is in what GitHub tells of it. */
export const clientOf = (appId: number): { readonly id: string; readonly secret: string } => ({
  id: `Iv1.${appId}`,
  secret: `simulated-client-secret-of-${appId}`,
});

const known = new WeakMap<World, UserAuthorizations>();

/** What people authorised in this world. */
export function authorizationsOf(world: World): UserAuthorizations {
  const found = known.get(world);
  if (found !== undefined) return found;
  const made: UserAuthorizations = { codes: new Map(), access: new Map(), refresh: new Map() };
  known.set(world, made);
  return made;
}

const accessLifeMs = 8 * 3_600_000;
const refreshLifeMs = 184 * 24 * 3_600_000;

/** GitHub's answer to a code or a refresh token: user tokens expire after eight hours. */
export function issueUserToken(world: World, userId: number): Record<string, unknown> {
  const { access, refresh } = authorizationsOf(world);
  const token = `ghu_${randomBytes(20).toString("hex")}`;
  const renewal = `ghr_${randomBytes(38).toString("hex")}`;
  access.set(token, { userId, expiresAt: world.now() + accessLifeMs });
  refresh.set(renewal, { userId, expiresAt: world.now() + refreshLifeMs });
  return {
    access_token: token,
    expires_in: accessLifeMs / 1000,
    refresh_token: renewal,
    refresh_token_expires_in: refreshLifeMs / 1000,
    token_type: "bearer",
    scope: "",
  };
}

/** Whose token it is; null: nobody's, or not any more. */
export function userOfToken(world: World, token: string): number | null {
  const found = authorizationsOf(world).access.get(token);
  return found === undefined || found.expiresAt <= world.now() ? null : found.userId;
}
