import { createHash, timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import type { CredentialsState } from "#core/ports/github.ts";
import type { Store } from "#core/ports/store.ts";
import { describeFailure } from "./failure.ts";
import type { PageSource } from "./http/serve-page.ts";

export interface PagesInput {
  readonly version: string;
  readonly store: Store;
  /** `everything`: also what carries ids. */
  readonly metrics: (everything: boolean) => Promise<string>;
  /** Who may read the metrics; null: anybody may, without what carries ids. */
  readonly metricsToken: string | null;
  /** Whether GitHub knows our credentials, as it said lately. */
  readonly credentials: () => Promise<CredentialsState>;
  /** How GitHub's APIs answer, as far as requests went lately. */
  readonly github: () => "ok" | "in trouble";
  /** Whether the process is taking and doing work (false while it stops). */
  readonly isReady: () => boolean;
  readonly site: PageSource;
}

const digestOf = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Compared by digests: neither length nor content shows in the time it takes. */
function isBearer(header: string | undefined, token: string): boolean {
  const given = /^Bearer +(.+)$/i.exec(header ?? "")?.[1];
  return given !== undefined && timingSafeEqual(digestOf(given.trim()), digestOf(token));
}

/** Health, readiness and metrics for an operator's machines; everything else is the site's. */
export function createPages(
  input: PagesInput,
): Hono<{ readonly Bindings: { readonly remote: string } }> {
  const pages = new Hono<{ readonly Bindings: { readonly remote: string } }>();

  pages.get("/healthz", (c) => c.json({ status: "ok", version: input.version }));

  pages.get("/readyz", async (c) => {
    if (!input.isReady()) return c.json({ status: "stopping" }, 503);
    try {
      await input.store.ping();
      const queue = await input.store.queue.stats(Date.now());
      const { kind, remedy } = await input.credentials();
      return kind === "known" || kind === "known_unreachable"
        ? c.json({
            status: "ready",
            queue,
            github: kind === "known" ? input.github() : "unreachable",
          })
        : c.json({ status: "unavailable", reason: kind, remedy }, 503);
    } catch (error) {
      return c.json(
        {
          status: "unavailable",
          reason: describeFailure(error),
          remedy:
            "Look at the disk and the file that DATABASE_URL points to: is it full, read-only, or was the file deleted or replaced? Then stop gatehouse, put it or a backup back, and start again. Where it names a PostgreSQL server, look whether that runs and takes writes: nothing has to be started again. The log says more.",
        },
        503,
      );
    }
  });

  pages.get("/metrics", async (c) => {
    const { metricsToken } = input;
    if (metricsToken !== null && !isBearer(c.req.header("authorization"), metricsToken))
      return c.text("Send METRICS_TOKEN as a bearer token: Authorization: Bearer …\n", 401, {
        "www-authenticate": 'Bearer realm="gatehouse metrics"',
      });
    return c.text(await input.metrics(metricsToken !== null), 200, {
      "content-type": "text/plain; version=0.0.4; charset=utf-8",
    });
  });

  // Everything that people see; what is above needs nobody to be known.
  pages.all("*", (c) => input.site.fetch(c.req.raw, c.env));

  return pages;
}
