import { z } from "zod";
import type { GitHub } from "../client/client.ts";

/** A comment or an issue, as far as it takes to tell our own by its marker. */
export const writing = z.object({
  body: z.string().nullish(),
  user: z.object({ type: z.string().nullish() }).nullish(),
  performed_via_github_app: z.object({ id: z.number() }).nullish(),
});

/** Anybody can write a marker: only what this App itself wrote is taken over and edited. */
export function isOurs(github: GitHub, row: z.infer<typeof writing>, marker: string): boolean {
  if (row.body?.includes(marker) !== true || row.user?.type !== "Bot") return false;
  const app = row.performed_via_github_app;
  return app === null || app === undefined || app.id === github.appId;
}
