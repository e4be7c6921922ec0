import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Hono } from "hono";
import type { PageEnv } from "../http/environment.ts";
import { liveScript } from "../live/script.ts";
import { styles } from "./styles.ts";
import { withTokens } from "./tokens.ts";

interface Asset {
  readonly path: string;
  readonly type: string;
  readonly text: string;
  readonly packed: Uint8Array<ArrayBuffer>;
}

function asset(name: string, extension: string, type: string, text: string): Asset {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  return {
    path: `/assets/${name}-${hash}.${extension}`,
    type,
    text,
    packed: new Uint8Array(gzipSync(text)),
  };
}

/** Made once a process; the hash in the address lets browsers keep them for ever. */
export const assets = {
  style: asset("gatehouse", "css", "text/css; charset=utf-8", withTokens(styles)),
  go: asset(
    "go",
    "js",
    "text/javascript; charset=utf-8",
    'document.querySelector("form[data-go]")?.submit();\n',
  ),
  live: asset("live", "js", "text/javascript; charset=utf-8", liveScript),
} as const;

export function addAssets(site: Hono<PageEnv>): void {
  for (const { path, type, text, packed } of Object.values(assets))
    site.get(path, (c) => {
      c.header("cache-control", "public, max-age=31536000, immutable");
      c.header("content-type", type);
      c.header("vary", "accept-encoding");
      if (c.req.header("accept-encoding")?.includes("gzip") !== true) return c.body(text);
      c.header("content-encoding", "gzip");
      return c.body(packed);
    });
}
