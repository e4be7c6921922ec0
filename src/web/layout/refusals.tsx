import type { Context } from "hono";
import type { PageEnv } from "../http/environment.ts";
import { page, signInLink } from "./page.tsx";

const isForMachines = (c: Context<PageEnv>): boolean => c.req.path.startsWith("/api/");

/** What does not exist and what may not be seen, alike. */
export function notFound(c: Context<PageEnv>): Response | Promise<Response> {
  if (isForMachines(c))
    return c.json(
      { error: "not_found", message: "There is no such thing, or it is not yours to read." },
      404,
    );
  return page(
    c,
    { title: "Not found", status: 404 },
    <>
      <h1>Not found</h1>
      <p>There is no such page, or you may not read the repository it is about.</p>
      <p>
        Gatehouse asks GitHub what you may read, and believes the answer for five minutes: if you
        were given access just now, wait that long. <a href="/">What waits</a>
      </p>
    </>,
  );
}

/** Nobody is signed in: a person is asked to, a program is told how. */
export function signInFirst(c: Context<PageEnv>): Response | Promise<Response> {
  if (isForMachines(c))
    return c.json(
      {
        error: "unauthorized",
        message:
          "Sign in, or send a token of `npx --no -- gatehouse token create`: Authorization: Bearer ght_…",
      },
      401,
      { "www-authenticate": 'Bearer realm="gatehouse"' },
    );
  return page(
    c,
    { title: "Sign in", status: 401 },
    <>
      <h1>Sign in</h1>
      <p>Gatehouse shows you what you may read at GitHub, so it has to know who you are.</p>
      <p>
        <a class="button primary" href={signInLink(c)}>
          Sign in with GitHub
        </a>
      </p>
    </>,
  );
}

/** CLIENT_ID is not set: how to switch the pages on. */
export function switchedOff(c: Context<PageEnv>): Response | Promise<Response> {
  if (isForMachines(c))
    return c.json(
      {
        error: "switched_off",
        message: "Sign-in is switched off: set CLIENT_ID and CLIENT_SECRET. Tokens work without.",
      },
      503,
    );
  return page(
    c,
    { title: "Sign-in is switched off", status: c.req.path === "/" ? 200 : 503 },
    <>
      <h1>The gate is running; its pages are switched off</h1>
      <p>
        Pages show people what they may read at GitHub, so people sign in with the GitHub App. To
        switch that on:
      </p>
      <ol>
        <li>On the App's settings page, copy the client ID and generate a client secret.</li>
        <li>
          Add <code>{c.get("origin")}/login/callback</code> as a callback URL there.
        </li>
        <li>
          Set <code>CLIENT_ID</code> and <code>CLIENT_SECRET</code>, and <code>PUBLIC_URL</code> if
          people reach Gatehouse under another address than <code>{c.get("origin")}</code>.
        </li>
        <li>Start Gatehouse again.</li>
      </ol>
      <p>
        What works without: <a href="/healthz">the health of the process</a>,{" "}
        <a href="/readyz">of store and queue</a>, and <a href="/metrics">metrics</a>.
      </p>
    </>,
  );
}

/** Back from registering an App at GitHub, where the gate runs as one already: its credentials were not asked for. */
export function registeredBefore(c: Context<PageEnv>): Response | Promise<Response> {
  return page(
    c,
    { title: "Registered before", isBare: true, status: 409 },
    <>
      <h1>Gatehouse runs already</h1>
      <p>
        It has its App, and no other is taken. If you have just registered a second one, delete it
        on GitHub's page of Apps; to change over to it, generate a private key, a webhook secret and
        a client secret there, put them into the environment of this process, and start it again.
      </p>
      <p>
        <a href="/setup">What is left to do</a>
      </p>
    </>,
  );
}

/** We failed; the log says more, the page nothing that is not the reader's. */
export function broken(c: Context<PageEnv>, because: string): Response | Promise<Response> {
  if (isForMachines(c))
    return c.json(
      { error: because, message: "The question could not be answered; ask again later." },
      503,
    );
  return page(
    c,
    { title: "Not now", status: 503 },
    <>
      <h1>This cannot be shown now</h1>
      <p>
        {because === "unavailable" || because === "rate_limited"
          ? "GitHub or the database did not answer. Deployments are held meanwhile, never let through."
          : because === "unauthorized"
            ? "GitHub does not take the credentials of the App at the moment. Nothing is wrong with your sign-in; the people who run Gatehouse find at /readyz what to do."
            : "Something failed here. The log says more."}
      </p>
      <p>
        <a href="">Try again</a>
      </p>
    </>,
  );
}
