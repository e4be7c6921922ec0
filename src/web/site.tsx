import { Hono } from "hono";
import { PersonUnauthorized } from "#core/model/errors.ts";
import type { Clock, Log } from "#core/ports/system.ts";
import type { ApiTokens } from "#core/ports/web.ts";
import type { Views } from "#core/ports/views.ts";
import type { Access } from "#flow/pages/access.ts";
import type { PageFlows } from "#flow/pages/page-flows.ts";
import type { SignIn } from "#flow/sign-in/sign-in.ts";
import type { BindsTokens } from "#flow/sign-in/token-repository.ts";
import type { Gate } from "#flow/outside/gate.ts";
import { addApi } from "./api/api.ts";
import { addGate } from "./api/gate.ts";
import { describeFailure } from "./failure.ts";
import type { Address } from "./http/address.ts";
import { dropCookie, readCookie } from "./http/cookies.ts";
import type { PageEnv } from "./http/environment.ts";
import { pageHeaders } from "./http/headers.ts";
import { whoAsks } from "./http/who.ts";
import { addAssets } from "./layout/assets.ts";
import { broken, notFound, signInFirst, switchedOff } from "./layout/refusals.tsx";
import { addLive } from "./live/live.ts";
import { addPages } from "./pages/add-pages.tsx";
import { addSignIn } from "./sign-in/routes.tsx";

export interface SiteInput {
  readonly flows: PageFlows;
  readonly gate: Gate;
  readonly views: Views;
  readonly tokens: ApiTokens;
  readonly records: BindsTokens;
  readonly address: Address;
  /** null: CLIENT_ID is not set. */
  readonly people: { readonly signIn: SignIn; readonly access: Access } | null;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Site {
  readonly app: Hono<PageEnv>;
  /** Lets go of pages that are open and live. */
  readonly stop: () => void;
}

/** Everything that people see, and the API beside it. */
export function createSite(input: SiteInput): Site {
  const { flows, gate, views, tokens, records, address, people, clock, log } = input;
  const app = new Hono<PageEnv>();
  app.use(pageHeaders);
  // Before the session is read: what looks the same for everybody costs no look into the store.
  addAssets(app);
  app.use(
    whoAsks({
      address,
      signIn: people?.signIn ?? null,
      access: people?.access ?? null,
      tokens,
      records,
      clock,
    }),
  );
  app.notFound((c) => notFound(c));
  app.onError(async (error, c) => {
    // The person's token at GitHub is good no more: they sign in again and come back here. The App's own trouble is
    // nothing that signing in would mend.
    if (error instanceof PersonUnauthorized && people !== null) {
      await people.signIn.end(readCookie(c, "gatehouse"));
      dropCookie(c, "gatehouse");
      return signInFirst(c);
    }
    log.error({ err: error, path: c.req.path }, "a page could not be shown");
    return broken(c, describeFailure(error));
  });
  // Deployers show what they are with each question: nobody of them signs in.
  addGate(app, gate);
  if (people !== null) addSignIn(app, people.signIn, address);
  app.use(async (c, next) => {
    if (c.req.path === "/api/v1/openapi.json" || /\.ics$/.test(c.req.path)) return next();
    if (c.get("viewer") !== null) return next();
    return people === null ? switchedOff(c) : signInFirst(c);
  });
  const live = addLive(app, { views, follow: flows.follow });
  addApi(app, flows, clock);
  addPages(app, flows, clock);
  return { app, stop: live.stop };
}
