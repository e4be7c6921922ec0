import { createServer } from "node:http";
import { Hono } from "hono";
import { raw } from "hono/html";
import { servePage } from "../../../web/http/serve-page.ts";
import { styles } from "../../../web/layout/styles.ts";
import { withTokens } from "../../../web/layout/tokens.ts";
import { PullRequestPage } from "./pull-request-page.tsx";
import type { Story } from "./story.ts";

const own = `
.acts{display:flex;flex-wrap:wrap;gap:.5rem;margin:.75rem 0}
.check-line{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.5rem}
.summary th{white-space:nowrap}
.summary{margin:.5rem 0 0;padding:.5rem .75rem;border:1px solid var(--borderColor-muted);border-radius:.375rem;overflow-x:auto}
button[disabled]{opacity:.5;cursor:not-allowed}
`;

/** Looks every second; everything works without it too, by asking for the page again. */
const script = `"use strict";
setInterval(async () => {
  const main = document.querySelector("main");
  if (document.hidden || main.contains(document.activeElement)) return;
  const answer = await fetch("/", { headers: { accept: "text/html" } }).catch(() => null);
  if (!answer || !answer.ok) return;
  const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  if (next && next.innerHTML !== main.innerHTML) main.replaceChildren(...next.childNodes);
}, 1000);
document.addEventListener("submit", (event) => {
  event.preventDefault();
  const { action } = event.target;
  document.activeElement?.blur();
  void fetch(action, { method: "POST" });
});
`;

export interface DemoPage {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Serves the pull request beside the gate's own pages. */
export async function servePullRequest(
  story: Story,
  gate: string,
  port: number,
): Promise<DemoPage> {
  const style = withTokens(styles + own);
  const site = new Hono();
  site.get("/style.css", (c) => c.body(style, 200, { "content-type": "text/css; charset=utf-8" }));
  site.get("/live.js", (c) =>
    c.body(script, 200, { "content-type": "text/javascript; charset=utf-8" }),
  );
  site.get("/", (c) =>
    c.html(
      <>
        {raw("<!doctype html>")}
        <PullRequestPage
          seen={story.see()}
          places={{ style: "/style.css", script: "/live.js", gate }}
        />
      </>,
      200,
      {
        "content-security-policy":
          "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        "cache-control": "no-store",
      },
    ),
  );
  site.post("/do/:act", (c) => {
    const from = c.req.header("sec-fetch-site");
    const act = story.acts[c.req.param("act")];
    if (act === undefined || (from !== undefined && from !== "same-origin")) return c.notFound();
    act();
    return c.redirect("/", 303);
  });
  const server = createServer((request, response) => {
    servePage(site, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const taken = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
