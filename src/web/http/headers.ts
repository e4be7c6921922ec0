import type { MiddlewareHandler } from "hono";
import type { PageEnv } from "./environment.ts";

/** No script or style but our own files: whatever a name or a title smuggles in does nothing. */
const policyWith = (formAction: string | undefined): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    `form-action 'self'${formAction === undefined ? "" : ` ${formAction}`}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

/** Headers of every page; what is private is kept by nobody on the way. */
export const pageHeaders: MiddlewareHandler<PageEnv> = async (c, next) => {
  await next();
  c.header("content-security-policy", policyWith(c.get("formAction")));
  c.header("x-content-type-options", "nosniff");
  c.header("referrer-policy", "same-origin");
  c.header("cross-origin-opener-policy", "same-origin");
  if (c.get("origin")?.startsWith("https:"))
    c.header("strict-transport-security", "max-age=31536000");
  if (!c.res.headers.has("cache-control")) c.header("cache-control", "private, no-store");
};
