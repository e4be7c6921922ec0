import type { Context } from "hono";
import type { Child } from "hono/jsx";
import { raw } from "hono/html";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { PageEnv } from "../http/environment.ts";
import { assets } from "./assets.ts";

interface PageProps {
  readonly title: string;
  /** Which entry of the navigation this is. */
  readonly here?: "/" | "/freezes" | "/report" | undefined;
  /** Renewed when something is recorded: of this repository (`owner/name`), or of "everything" that the reader may read; "soon": every few seconds. */
  readonly live?: string | undefined;
  readonly status?: ContentfulStatusCode;
  /** Without what leads to pages that are not there yet. */
  readonly isBare?: boolean;
  /** A script of ours that it runs besides. */
  readonly script?: string;
}

const links = [
  ["/", "Waiting"],
  ["/freezes", "Freezes"],
  ["/report", "Report"],
] as const;

/** Where a sign-in leads back to. */
export const signInLink = (c: Context<PageEnv>): string => {
  const { pathname, search } = new URL(c.req.url);
  return `/login?return_to=${encodeURIComponent(pathname + search)}`;
};

const Navigation = ({ here }: { readonly here: PageProps["here"] }) => (
  <nav aria-label="Main">
    {links.map(([href, text], index) => (
      <>
        {index === 0 ? "" : " · "}
        <a href={href} {...(here === href ? { "aria-current": "page" } : {})}>
          {text}
        </a>
      </>
    ))}
  </nav>
);

/** A whole page: landmarks, one heading, a link past the navigation. */
export function page(
  c: Context<PageEnv>,
  { title, here, live, status = 200, isBare = false, script }: PageProps,
  body: Child,
): Response | Promise<Response> {
  const signedIn = c.get("signedIn");
  return c.html(
    <>
      {raw("<!doctype html>")}
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>{title === "Gatehouse" ? title : `${title} · Gatehouse`}</title>
          <link rel="stylesheet" href={assets.style.path} />
          {live === "soon" ? (
            <noscript>
              <meta http-equiv="refresh" content="10" />
            </noscript>
          ) : null}
          {script === undefined ? null : <script src={script} defer></script>}
          {live === undefined ? null : <script src={assets.live.path} defer></script>}
        </head>
        <body>
          <a class="skip" href="#main">
            Skip to content
          </a>
          <header class="top">
            <div>
              <a class="name" href="/">
                Gatehouse
              </a>
              {isBare ? null : <Navigation here={here} />}
              {signedIn === null ? null : (
                <form method="post" action="/logout">
                  <span class="small">@{signedIn.person.login}</span>
                  <input type="hidden" name="csrf" value={signedIn.csrf} />
                  <button type="submit">Sign out</button>
                </form>
              )}
            </div>
          </header>
          <main id="main" tabindex={-1} {...(live === undefined ? {} : { "data-live": live })}>
            {body}
          </main>
          <footer class="foot">
            <div>
              The policy gate of your organisation.
              {isBare ? null : (
                <>
                  {" "}
                  <a href="/setup">Set-up</a>
                </>
              )}
            </div>
          </footer>
        </body>
      </html>
    </>,
    status,
  );
}
