import { createHash, randomBytes } from "node:crypto";
import { Hono, type Context } from "hono";
import type { PageEnv } from "../http/environment.ts";
import { pageHeaders } from "../http/headers.ts";
import { addAssets } from "../layout/assets.ts";
import {
  readSetup,
  shownAgain,
  type SetupAsked,
  type SetupForm,
  type SetupProblem,
} from "./asked.ts";
import { manifestOf } from "./manifest.ts";
import type { ConvertedApp, Kept } from "./kept.ts";
import { atGitHub, form, noRegistration, notExchanged, registered } from "./pages.tsx";

/** What the set-up page needs; it touches no file and no network by itself. */
export interface SetupInput {
  /** Root of the server that the environment names; null: the form asks for it. */
  readonly server: SetupAsked["server"];
  readonly webUrlOf: (server: SetupAsked["server"]) => string;
  /** PUBLIC_URL; null: the form proposes where the browser is. */
  readonly publicUrl: string | null;
  /** Where the process listens: http://HOST:PORT. */
  readonly listensAt: () => string;
  /** The App's manifest as app.yml says it. */
  readonly manifest: Readonly<Record<string, unknown>>;
  /** Why the credentials could not be kept; null: they could be. */
  readonly isWritable: () => Promise<string | null>;
  /** Why GitHub does not answer this process; null: it does. */
  readonly reaches: (server: SetupAsked["server"]) => Promise<string | null>;
  /** What an address answers to a GET, cut short; a sentence where nothing answers. */
  readonly answerAt: (
    url: string,
  ) => Promise<{ readonly text: string } | { readonly trouble: string }>;
  /** Exchanges the code GitHub sends back for the App's credentials (POST /app-manifests/{code}/conversions). */
  readonly convert: (code: string, server: SetupAsked["server"]) => Promise<ConvertedApp>;
  /** Keeps the credentials and starts the gate with them, in this very process. */
  readonly register: (app: ConvertedApp, asked: SetupAsked) => Promise<Kept>;
}

const mostBegun = 100;

/** The pages that register the GitHub App through GitHub's manifest flow, served while there are no credentials. */
export function createSetupPages(input: SetupInput): Hono<PageEnv> {
  const pages = new Hono<PageEnv>();
  const secret = randomBytes(16).toString("hex");
  /** What this process answers at its public address, and nobody else could. */
  const proof = createHash("sha256").update(secret).digest("hex");
  /** Registrations begun here, by what GitHub sends back: a code somebody else got is not taken. */
  const begun = new Map<string, SetupAsked>();

  pages.use(pageHeaders);
  pages.use(async (c, next) => {
    c.set("origin", new URL(c.req.url).origin);
    c.set("signedIn", null);
    c.set("viewer", null);
    await next();
  });
  addAssets(pages);
  pages.get("/healthz", (c) => c.json({ status: "setup" }));
  pages.get("/readyz", (c) =>
    c.json({ status: "setup", remedy: "Open / in a browser to register the GitHub App." }, 503),
  );
  pages.get("/setup/here", (c) => c.text(proof));

  async function troublesOf(
    asked: SetupAsked,
    isToBeChecked: boolean,
  ): Promise<readonly SetupProblem[]> {
    const [unwritable, unreached, seen] = await Promise.all([
      input.isWritable(),
      input.reaches(asked.server),
      isToBeChecked && asked.publicUrl !== null
        ? input.answerAt(`${asked.publicUrl}/setup/here`)
        : null,
    ]);
    const problems: SetupProblem[] = [];
    if (unwritable !== null) problems.push({ field: "", message: unwritable });
    if (unreached !== null) problems.push({ field: "host", message: unreached });
    if (seen !== null && "trouble" in seen)
      problems.push({ field: "address", message: seen.trouble, mayBeIgnored: true });
    else if (seen !== null && seen.text.trim() !== proof)
      problems.push({
        field: "address",
        message: `Something answers at ${asked.publicUrl ?? ""}, and it is not this process: look at the reverse proxy or tunnel.`,
        mayBeIgnored: true,
      });
    return problems;
  }

  const typed = (c: Context<PageEnv>, fields: URLSearchParams): SetupForm => {
    const one = (name: string): string => (fields.get(name) ?? "").trim().slice(0, 500);
    return {
      organization: one("organization"),
      address: one("address") === "" ? (input.publicUrl ?? c.get("origin")) : one("address"),
      host: one("host"),
      anyway: fields.get("anyway") === "1",
    };
  };
  const show = (c: Context<PageEnv>) =>
    form(c, {
      form: shownAgain(typed(c, new URL(c.req.url).searchParams)),
      fixed: input.server?.host ?? null,
      problems: [],
    });
  pages.get("/", show);
  pages.get("/setup", show);

  pages.post("/setup", async (c) => {
    // Another site must not make this process ask around, nor begin a registration.
    const site = c.req.header("sec-fetch-site");
    if (site !== undefined && site !== "same-origin" && site !== "none")
      return c.text("The form did not come from this page.\n", 403);
    const filled = typed(c, new URLSearchParams(await c.req.text()));
    const { asked, problems } = readSetup(filled, input.server);
    const isUsable = problems.every(({ mayBeIgnored }) => mayBeIgnored === true);
    const found = asked === null || !isUsable ? [] : await troublesOf(asked, problems.length === 0);
    const counted = [...problems, ...found].filter(
      ({ mayBeIgnored }) => mayBeIgnored !== true || !filled.anyway,
    );
    if (asked === null || counted.length > 0)
      return form(c, {
        form: shownAgain(filled),
        fixed: input.server?.host ?? null,
        problems: counted,
      });
    const state = randomBytes(16).toString("hex");
    begun.set(state, asked);
    for (const oldest of begun.keys()) {
      if (begun.size <= mostBegun) break;
      begun.delete(oldest);
    }
    const root = input.webUrlOf(asked.server);
    const owner = asked.organization === null ? "" : `/organizations/${asked.organization}`;
    c.set("formAction", new URL(root).origin);
    return atGitHub(c, {
      action: `${root}${owner}/settings/apps/new?state=${state}`,
      manifest: JSON.stringify(
        manifestOf(input.manifest, asked, c.get("origin"), input.listensAt()),
      ),
      server: root,
    });
  });

  const shown = (c: Context<PageEnv>, kept: Kept) =>
    kept.trouble === null && kept.notStarted === null
      ? c.redirect("/setup", 303)
      : registered(c, kept);

  /** One after the other: each App's credentials are told once, and kept. */
  let registering: Promise<unknown> = Promise.resolve();
  pages.get("/setup/done", async (c) => {
    const { code, state } = c.req.query();
    const asked = begun.get(state ?? "");
    if (code === undefined || !/^[\w-]{1,128}$/.test(code) || asked === undefined)
      return noRegistration(c);
    begun.delete(state ?? "");
    let app: ConvertedApp;
    try {
      app = await input.convert(code, asked.server);
    } catch {
      return notExchanged(c, await input.reaches(asked.server));
    }
    const kept = registering.then(() => input.register(app, asked));
    registering = kept.catch(() => undefined);
    return shown(c, await kept);
  });

  pages.notFound((c) => c.redirect("/"));
  return pages;
}
