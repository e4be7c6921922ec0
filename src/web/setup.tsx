import { randomBytes } from "node:crypto";
import { Hono } from "hono";
import { raw } from "hono/html";
import { z } from "zod";

/** What the set-up page needs; it never touches a file or GitHub by itself. */
export interface SetupInput {
  readonly webUrl: string;
  /** PUBLIC_URL; null: people reach us where this page is, or where webhooks arrive. */
  readonly publicUrl: string | null;
  /** The App's manifest as app.yml says it. */
  readonly manifest: Readonly<Record<string, unknown>>;
  /** Exchanges the code GitHub sends back for the App's credentials (POST /app-manifests/{code}/conversions). */
  readonly convert: (code: string) => Promise<ConvertedApp>;
  /** Keeps the credentials; answers the name of the file a person will look for, fails where nothing can be written. */
  readonly keep: (app: ConvertedApp) => Promise<string>;
}

export const convertedApp = z.object({
  id: z.number().int(),
  slug: z.string().nullish(),
  html_url: z.string().nullish(),
  pem: z.string(),
  webhook_secret: z.string(),
  client_id: z.string(),
  client_secret: z.string(),
});
export type ConvertedApp = z.infer<typeof convertedApp>;

const style =
  "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}button{font:inherit;padding:.5rem 1rem}label{display:block;margin:1rem 0}input{font:inherit;width:100%}";

function page(title: string, body: unknown) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{title}</title>
        <style>{raw(style)}</style>
      </head>
      <body>
        <h1>{title}</h1>
        {body}
      </body>
    </html>
  );
}

/** Where GitHub may send people back to who sign in: at each of these addresses. */
const callbacksAt = (addresses: readonly string[]): readonly string[] => [
  ...new Set(
    addresses
      .filter((address) => URL.canParse(address))
      .map((address) => `${new URL(address).origin}/login/callback`),
  ),
];

/** The page that registers the GitHub App through GitHub's manifest flow, served while there are no credentials. */
export function createSetupPages(input: SetupInput): Hono {
  const pages = new Hono();
  // Ties GitHub's answer to this process: a code somebody else got is not taken.
  const state = randomBytes(16).toString("hex");

  pages.get("/healthz", (c) => c.json({ status: "setup" }));
  pages.get("/readyz", (c) =>
    c.json({ status: "setup", remedy: "Open / in a browser to register the GitHub App." }, 503),
  );

  pages.get("/", (c) => {
    const here = new URL(c.req.url).origin;
    const organization = c.req.query("organization")?.replace(/[^A-Za-z0-9-]/g, "") ?? "";
    const webhook = c.req.query("webhook") ?? `${here}/api/github/webhooks`;
    const manifest = {
      ...input.manifest,
      redirect_url: `${here}/setup/done`,
      callback_urls: callbacksAt(input.publicUrl === null ? [here, webhook] : [input.publicUrl]),
      hook_attributes: { url: webhook, active: true },
    };
    const action =
      organization === ""
        ? `${input.webUrl}/settings/apps/new`
        : `${input.webUrl}/organizations/${organization}/settings/apps/new`;
    return c.html(
      page(
        "Set up Gatehouse",
        <>
          <p>
            No credentials are configured. Register the GitHub App in two steps; nothing has to be
            copied by hand.
          </p>
          <form method="get" action="/">
            <label>
              1. Organisation that will own the App (empty: your own account)
              <input name="organization" value={organization} />
            </label>
            <label>
              Address GitHub can deliver webhooks to
              <input name="webhook" value={webhook} />
            </label>
            <button type="submit">Use these</button>
          </form>
          <form method="post" action={`${action}?state=${state}`}>
            <input type="hidden" name="manifest" value={JSON.stringify(manifest)} />
            <p>2. GitHub shows what the App may read and write, and asks you to confirm.</p>
            <button type="submit">Register the App at {input.webUrl}</button>
          </form>
        </>,
      ),
    );
  });

  pages.get("/setup/done", async (c) => {
    const code = c.req.query("code");
    if (code === undefined || !/^[\w-]{1,128}$/.test(code) || c.req.query("state") !== state) {
      return c.html(
        page(
          "Not set up",
          <p>
            This answer does not belong to a registration started here. <a href="/">Start again</a>.
          </p>,
        ),
        400,
      );
    }
    let app: ConvertedApp;
    try {
      app = await input.convert(code);
    } catch {
      return c.html(
        page(
          "Not set up",
          <p>
            GitHub did not exchange the code (it is valid for one hour and once).{" "}
            <a href="/">Start again</a>.
          </p>,
        ),
        502,
      );
    }
    try {
      const file = await input.keep(app);
      return c.html(
        page(
          "Gatehouse is registered",
          <>
            <p>
              App <strong>{app.id}</strong>: its credentials were written to <code>{file}</code>{" "}
              (readable by you only).
            </p>
            <ol>
              <li>
                {app.html_url ? (
                  <a href={`${app.html_url}/installations/new`}>Install it on the organisation</a>
                ) : (
                  "Install it on the organisation"
                )}
              </li>
              <li>
                Stop this process and start it again: <code>npm start</code>
              </li>
              <li>
                Put a policy into <code>.github/gatehouse.yml</code> (or <code>.yaml</code>) of a
                repository's default branch.
              </li>
            </ol>
          </>,
        ),
      );
    } catch (error) {
      return c.html(
        page(
          "Registered, but not set up",
          <p>
            App <strong>{app.id}</strong> is registered, and its credentials could not be written (
            {error instanceof Error ? error.message : String(error)}). Make a private key and a
            webhook secret and a client secret on{" "}
            {app.html_url ? <a href={app.html_url}>its settings page</a> : "its settings page"}, set
            APP_ID, PRIVATE_KEY, WEBHOOK_SECRET, CLIENT_ID and CLIENT_SECRET, and start this process
            again.
          </p>,
        ),
        500,
      );
    }
  });

  return pages;
}
