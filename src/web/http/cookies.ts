import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { PageEnv } from "./environment.ts";

type Name = "gatehouse" | "gatehouse-sign-in";

const isSecure = (origin: string): boolean => origin.startsWith("https:");

/** A browser takes the prefix `__Host-` only over TLS. */
export const cookieName = (name: Name, origin: string): string =>
  isSecure(origin) ? `__Host-${name}` : name;

/** Host-only and out of scripts' reach. */
const options = (secure: boolean) =>
  ({
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    secure,
    ...(secure ? { prefix: "host" as const } : {}),
  }) as const;

export const readCookie = (c: Context<PageEnv>, name: Name): string | undefined =>
  isSecure(c.get("origin")) ? getCookie(c, name, "host") : getCookie(c, name);

export function writeCookie(c: Context<PageEnv>, name: Name, value: string, ms: number): void {
  setCookie(c, name, value, {
    ...options(isSecure(c.get("origin"))),
    maxAge: Math.floor(ms / 1000),
  });
}

export function dropCookie(c: Context<PageEnv>, name: Name): void {
  deleteCookie(c, name, options(isSecure(c.get("origin"))));
}
