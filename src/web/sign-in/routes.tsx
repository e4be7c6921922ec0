import type { Context, Hono } from "hono";
import { sessionLifeMs, type SignIn } from "#flow/sign-in/sign-in.ts";
import type { Address } from "../http/address.ts";
import { dropCookie, readCookie, writeCookie } from "../http/cookies.ts";
import type { PageEnv } from "../http/environment.ts";
import { readForm } from "../http/form.ts";
import { page } from "../layout/page.tsx";

const callbackPath = "/login/callback";
const attemptMs = 10 * 60_000;

/** The cookie of the attempt has to be of the host that GitHub sends the browser back to. */
function elsewhere(c: Context<PageEnv>): string | null {
  const origin = c.get("origin");
  const host = c.req.header("host");
  if (host === undefined || new URL(origin).host === host) return null;
  return `${origin}${c.req.path}${new URL(c.req.url).search}`;
}

/** Sign-in, GitHub's answer to it, and sign-out. */
export function addSignIn(site: Hono<PageEnv>, signIn: SignIn, address: Address): void {
  const redirectUrl = (c: Context<PageEnv>): string => `${c.get("origin")}${callbackPath}`;

  site.get("/login", (c) => {
    // Once only: an address that leads back to itself would go round for ever.
    const there = c.req.query("here") === undefined ? elsewhere(c) : null;
    if (there !== null) {
      const to = new URL(there);
      to.searchParams.set("here", "1");
      return c.redirect(to.href);
    }
    const { location, attempt } = signIn.begin(c.req.query("return_to"), redirectUrl(c));
    writeCookie(c, "gatehouse-sign-in", attempt, attemptMs);
    return c.redirect(location);
  });

  site.get(callbackPath, async (c) => {
    const finished = await signIn.finish({
      attempt: readCookie(c, "gatehouse-sign-in"),
      state: c.req.query("state"),
      code: c.req.query("code"),
      redirectUrl: redirectUrl(c),
    });
    dropCookie(c, "gatehouse-sign-in");
    if (finished.kind === "signed_in") {
      // GitHub sends nobody back to an address that is none of the App's callbacks.
      address.tell(c.get("origin"));
      // A session that was there before is not taken over: its secret may be known to somebody else.
      await signIn.end(readCookie(c, "gatehouse"));
      writeCookie(c, "gatehouse", finished.secret, sessionLifeMs);
      return c.redirect(finished.returnTo);
    }
    return page(
      c,
      { title: "Not signed in", status: 400 },
      <>
        <h1>Not signed in</h1>
        <p>You were not signed in: {finished.because}.</p>
        <p>
          <a
            class="button primary"
            href={`/login?return_to=${encodeURIComponent(finished.returnTo)}`}
          >
            Sign in again
          </a>
        </p>
      </>,
    );
  });

  site.post("/logout", async (c) => {
    const form = await readForm(c);
    if (form === null) return c.redirect("/", 303);
    await signIn.end(readCookie(c, "gatehouse"));
    dropCookie(c, "gatehouse");
    return page(
      c,
      { title: "Signed out" },
      <>
        <h1>You are signed out</h1>
        <p>
          <a href="/login">Sign in again</a>
        </p>
      </>,
    );
  });
}
