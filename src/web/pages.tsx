import { Hono } from "hono";
import type { Store } from "../core/ports.ts";
import { describeFailure } from "./failure.ts";

export interface PagesInput {
  readonly version: string;
  readonly store: Store;
  readonly metrics: () => Promise<string>;
  /** Whether the process is taking and doing work (false while it stops). */
  readonly isReady: () => boolean;
}

/** Health, readiness and metrics: what an operator's machines read, and one page for a person who opens the root. */
export function createPages(input: PagesInput): Hono {
  const pages = new Hono();

  pages.get("/healthz", (c) => c.json({ status: "ok", version: input.version }));

  pages.get("/readyz", async (c) => {
    if (!input.isReady()) return c.json({ status: "stopping" }, 503);
    try {
      await input.store.ping();
      const queue = await input.store.queue.stats(Date.now());
      return c.json({ status: "ready", queue });
    } catch (error) {
      return c.json(
        {
          status: "unavailable",
          reason: describeFailure(error),
          remedy: "Check DATABASE_URL and the disk it points to.",
        },
        503,
      );
    }
  });

  pages.get("/metrics", async (c) =>
    c.text(await input.metrics(), 200, {
      "content-type": "text/plain; version=0.0.4; charset=utf-8",
    }),
  );

  pages.get("/", (c) =>
    c.html(
      <html lang="en">
        <head>
          <title>Gatehouse</title>
        </head>
        <body>
          <h1>Gatehouse {input.version}</h1>
          <p>
            The gate is running. GitHub delivers to <code>/api/github/webhooks</code>.
          </p>
          <ul>
            <li>
              <a href="/healthz">Health of the process</a>
            </li>
            <li>
              <a href="/readyz">Readiness of store and queue</a>
            </li>
            <li>
              <a href="/metrics">Metrics</a>
            </li>
          </ul>
        </body>
      </html>,
    ),
  );

  return pages;
}
