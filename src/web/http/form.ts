import type { Context } from "hono";
import { isSame } from "#flow/sign-in/sign-in.ts";
import type { PageEnv } from "./environment.ts";

/** Fields of a form of this very session; null: another site's, or of a session that is over. Values are hostile. */
export async function readForm(c: Context<PageEnv>): Promise<URLSearchParams | null> {
  const signedIn = c.get("signedIn");
  if (signedIn === null) return null;
  if (c.req.header("content-type")?.startsWith("application/x-www-form-urlencoded") !== true)
    return null;
  const fields = new URLSearchParams(await c.req.text());
  return isSame(fields.get("csrf") ?? "", signedIn.csrf) ? fields : null;
}
