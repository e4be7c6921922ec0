import type { Hono } from "hono";
import type { Views } from "#core/ports/views.ts";
import type { PageEnv } from "../http/environment.ts";

/** Beyond this many open pages the oldest is let go: a browser connects again by itself, and deliveries come first. */
const mostOpen = 200;
const lookEveryMs = 2_000;
/** Proxies close what is silent for a minute. */
const pingEvery = 10;

export interface Live {
  readonly stop: () => void;
}

/** `/live`: tells open pages that something was recorded. One look at the store serves all of them. */
export function addLive(site: Hono<PageEnv>, views: Pick<Views, "newest">): Live {
  const open = new Set<ReadableStreamDefaultController<Uint8Array>>();
  const encoder = new TextEncoder();
  let known: number | null = null;
  let rounds = 0;
  let timer: NodeJS.Timeout | undefined;

  const tell = (text: string): void => {
    for (const each of open) {
      try {
        each.enqueue(encoder.encode(text));
      } catch {
        open.delete(each);
      }
    }
  };
  const look = async (): Promise<void> => {
    if (open.size === 0) {
      clearInterval(timer);
      timer = undefined;
      known = null;
      return;
    }
    rounds += 1;
    const newest = await views.newest().catch(() => null);
    if (newest !== null && known !== null && newest !== known)
      tell(`event: change\ndata: ${newest}\n\n`);
    else if (rounds % pingEvery === 0) tell(": still here\n\n");
    known = newest ?? known;
  };

  site.get("/live", (c) => {
    if (c.get("signedIn") === null) return c.text("Sign in first.\n", 401);
    let own: ReadableStreamDefaultController<Uint8Array> | undefined;
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = controller;
        open.add(controller);
        controller.enqueue(encoder.encode("retry: 5000\n\n"));
        if (open.size > mostOpen) {
          const [oldest] = open;
          if (oldest !== undefined) {
            open.delete(oldest);
            oldest.close();
          }
        }
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
      for (const each of open) {
        try {
          each.close();
        } catch {
          // It is closed already.
        }
      }
      open.clear();
    },
  };
}
