import { oidcToken, type OidcInput } from "../scenario/oidc.ts";
import { issuerOf, oidcOf, publishedKeys } from "../world/oidc.ts";
import type { World } from "../world/world.ts";
import type { Reply } from "./reply.ts";

/** The token issuer, which is a service beside the API; null: not a path of its. */
export function oidcReply(world: World, url: URL, authorization: string | undefined): Reply | null {
  switch (url.pathname) {
    case "/_services/token/.well-known/openid-configuration":
      return {
        status: 200,
        body: {
          issuer: issuerOf(world),
          jwks_uri: `${issuerOf(world)}/.well-known/jwks`,
          response_types_supported: ["id_token"],
          id_token_signing_alg_values_supported: ["RS256"],
        },
      };
    case "/_services/token/.well-known/jwks":
      return { status: 200, body: publishedKeys(world) };
    case "/_services/token/request": {
      const bearer = /^bearer (\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
      const asked = oidcOf(world).requests.get(bearer);
      if (asked === undefined) return { status: 401, body: { message: "Unauthorized" } };
      const audience = url.searchParams.get("audience") ?? "https://github.com/simulated";
      const value = oidcToken(world, { ...(asked as Omit<OidcInput, "audience">), audience });
      return { status: 200, body: { count: value.length, value } };
    }
    default:
      return null;
  }
}
