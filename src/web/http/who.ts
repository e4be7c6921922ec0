import type { MiddlewareHandler } from "hono";
import type { Clock } from "#core/ports/system.ts";
import type { ApiTokens } from "#core/ports/web.ts";
import type { Access } from "#flow/pages/access.ts";
import { personViewer, tokenViewer } from "#flow/pages/viewer.ts";
import { findToken } from "#flow/sign-in/api-tokens.ts";
import type { BindsTokens } from "#flow/sign-in/token-repository.ts";
import type { SignIn } from "#flow/sign-in/sign-in.ts";
import type { Address } from "./address.ts";
import { readCookie } from "./cookies.ts";
import type { PageEnv } from "./environment.ts";

export interface WhoInput {
  readonly address: Address;
  /** null: sign-in is switched off. */
  readonly signIn: SignIn | null;
  readonly access: Access | null;
  readonly tokens: ApiTokens;
  readonly records: BindsTokens;
  readonly clock: Clock;
}

/** Where the request came to, and who asks: a browser's session, or, for the API, a token. */
export const whoAsks =
  ({ address, signIn, access, tokens, records, clock }: WhoInput): MiddlewareHandler<PageEnv> =>
  async (c, next) => {
    c.set("origin", address.of({ remote: c.env.remote, header: (name) => c.req.header(name) }));
    c.set("signedIn", null);
    c.set("viewer", null);
    const bearer = /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
    if (bearer !== undefined && c.req.path.startsWith("/api/")) {
      const token = await findToken(tokens, clock, bearer, "api");
      if (token !== null) c.set("viewer", tokenViewer(token, records));
    } else if (signIn !== null && access !== null) {
      const signedIn = await signIn.of(readCookie(c, "gatehouse"));
      if (signedIn !== null) {
        c.set("signedIn", signedIn);
        c.set("viewer", personViewer(access, signedIn));
        address.tell(c.get("origin"));
      }
    }
    await next();
  };
