import { z } from "zod";
import { part } from "../client/connection.ts";
import type { Overview } from "./overview.ts";

const baseTip = z.object({ baseRef: z.object({ target: z.object({ oid: z.string() }) }) });

/** The commit the base branch is at now; undefined when the overview does not show it. */
export function baseTipOf(overview: Overview | null): string | undefined {
  return part(baseTip, overview?.pullRequest)?.baseRef.target.oid;
}
