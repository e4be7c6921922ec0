import type { Hono } from "hono";
import type { Views } from "#core/ports/views.ts";
import type { Follows } from "#flow/pages/follow.ts";
import type { PageFlows } from "#flow/pages/page-flows.ts";
import type { PageEnv } from "../http/environment.ts";

/** Beyond this many open pages the oldest is let go: a browser connects again by itself, and deliveries come first. */
const mostOpen = 200;
const lookEveryMs = 2_000;
/** Proxies close what is silent for a minute. */
const pingEvery = 10;

export interface LiveInput {
  readonly views: Pick<Views, "newest" | "changedSince">;
  readonly follow: PageFlows["follow"];
}

export interface Live {
  readonly stop: () => void;
}

type Page = ReadableStreamDefaultController<Uint8Array>;

/** `/live`: tells open pages that something they show was recorded. One look at the store serves all of them. */
export function addLive(site: Hono<PageEnv>, { views, follow }: LiveInput): Live {
  const open = new Map<Page, Follows>();
  const encoder = new TextEncoder();
  let known: number | null = null;
  let rounds = 0;
  let isLooking = false;
  let timer: NodeJS.Timeout | undefined;

  const tell = (page: Page, text: string): void => {
    try {
      page.enqueue(encoder.encode(text));
    } catch {
      open.delete(page);
    }
  };
  const close = (page: Page): void => {
    open.delete(page);
    try {
      page.close();
    } catch {
      // It is closed already.
    }
  };

  async function tellOf(newest: number, since: number): Promise<void> {
    const changed = await views.changedSince(since);
    await Promise.all(
      [...open].map(async ([page, follows]) => {
        // Anybody who cannot be told what they may read learns nothing; the next change asks again.
        if (await follows(changed).catch(() => false))
          tell(page, `event: change\ndata: ${newest}\n\n`);
      }),
    );
  }

  async function look(): Promise<void> {
    if (open.size === 0) {
      clearInterval(timer);
      timer = undefined;
      known = null;
      return;
    }
    if (isLooking) return;
    isLooking = true;
    try {
      rounds += 1;
      const newest = await views.newest();
      if (known !== null && newest !== known) await tellOf(newest, known);
      known = newest;
    } catch {
      // The database is away; what is recorded meanwhile is told once it is back.
    } finally {
      isLooking = false;
    }
    if (rounds % pingEvery === 0) for (const page of open.keys()) tell(page, ": still here\n\n");
  }

  site.get("/live", async (c) => {
    const viewer = c.get("viewer");
    if (c.get("signedIn") === null || viewer === null) return c.text("Sign in first.\n", 401);
    const follows = await follow(viewer, c.req.query("repository"));
    if (follows === null) return c.text("There is no such page.\n", 404);
    let own: Page | undefined;
    const stream = new ReadableStream<Uint8Array>({
      start: (page) => {
        own = page;
        open.set(page, follows);
        tell(page, "retry: 5000\n\n");
        const [oldest] = open.size > mostOpen ? open.keys() : [];
        if (oldest !== undefined) close(oldest);
        // What stands now is what the page shows: everything recorded from here on is news to it.
        if (timer === undefined) void look();
        timer ??= setInterval(() => void look(), lookEveryMs).unref();
      },
      cancel: () => {
        if (own !== undefined) open.delete(own);
      },
    });
    return new Response(stream, {
      headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" },
    });
  });

  return {
    stop: () => {
      clearInterval(timer);
      for (const page of open.keys()) close(page);
    },
  };
}
